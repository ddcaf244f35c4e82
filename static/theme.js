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
  root.setAttribute("data-fr-theme", scheme);
  root.style.colorScheme = scheme === "dark" ? "dark" : "";
})();
