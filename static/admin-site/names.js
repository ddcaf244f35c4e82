// The lists of choices that select2 draws carry no name of their own: they take that of the field
// they stand for, followed by what is chosen.
"use strict";

(() => {
  const nameOf = (select) => {
    const label = select.labels && select.labels[0];
    const text = label ? label.textContent : select.getAttribute("aria-label");
    return (text || "").replace(/\s*:\s*$/, "").trim();
  };

  const name = (container) => {
    const select = container.previousElementSibling;
    const selection = container.querySelector(".select2-selection");
    if (!select || !selection) {
      return;
    }
    const rendered = container.querySelector(".select2-selection__rendered");
    const chosen = rendered && rendered.title ? rendered.title : "";
    const label = nameOf(select);
    selection.setAttribute("aria-label", chosen ? `${label}, ${chosen}` : label);
    selection.removeAttribute("aria-labelledby");
    if (rendered && rendered.tagName === "UL") {
      // Its list holds a button beside its items.
      rendered.setAttribute("role", "none");
      rendered.querySelectorAll("li").forEach((item) => item.setAttribute("role", "none"));
      const typed = rendered.querySelector("input");
      if (typed) {
        typed.setAttribute("aria-label", label);
      }
    } else if (rendered) {
      rendered.removeAttribute("role");
      rendered.removeAttribute("aria-readonly");
    }
  };

  const nameAll = () => document.querySelectorAll(".select2-container").forEach(name);
  new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  nameAll();
})();
