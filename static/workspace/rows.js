// A row that an address leads to is opened, so that its fields are there.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const inside = target.matches("li") ? target.querySelector("select, input:not([type=hidden])") : target;
  inside?.focus();
}
window.addEventListener("hashchange", openTarget);
// Once the browser itself has gone there, which takes the focus away.
if (!document.querySelector("[data-focus]")) {
  window.addEventListener("load", () => window.setTimeout(openTarget));
}
