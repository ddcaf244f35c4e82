/* Sets the theme before the first paint. The design system sets it too, but from a module, which runs
   once the page is drawn: a reader who asked for the dark would see a white flash at every page. */
(() => {
  const root = document.documentElement;
  let scheme = null;
  try {
    scheme = localStorage.getItem("scheme");
  } catch {
    // Storage refused by the browser: the system's preference remains.
  }
  if (scheme !== "light" && scheme !== "dark") {
    scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  const paint = (wanted) => {
    root.setAttribute("data-fr-theme", wanted);
    root.style.colorScheme = wanted === "dark" ? "dark" : "";
  };
  paint(scheme);

  // Paper is white, whatever the screen.
  let onScreen = scheme;
  addEventListener("beforeprint", () => {
    onScreen = root.getAttribute("data-fr-theme") || scheme;
    paint("light");
  });
  addEventListener("afterprint", () => paint(onScreen));
})();
