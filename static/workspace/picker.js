// Adds what is chosen in a search box to the boxes or buttons above it (form/_pick.html).
export function addChoice(fieldset, { value, label }) {
  const { pick: name, pickType: type } = fieldset.dataset;
  const id = `${fieldset.id}_${value}`;
  let input = document.getElementById(id);
  if (!input) {
    const group = document.createElement("div");
    group.className = `fr-${type}-group`;
    input = document.createElement("input");
    Object.assign(input, { type, name, id, value });
    const text = document.createElement("label");
    text.className = "fr-label";
    text.htmlFor = id;
    text.textContent = label;
    group.append(input, text);
    const element = document.createElement("div");
    element.className = "fr-fieldset__element";
    element.append(group);
    // Before « Aucun », if it is offered, and before the search box.
    const none = document.getElementById(`${fieldset.id}_aucun`)?.closest(".fr-fieldset__element");
    (none ?? fieldset.querySelector("[data-pick-search]")).before(element);
  }
  input.checked = true;
  return input;
}

document.addEventListener("combobox:choose", (event) => {
  const fieldset = event.target.closest("[data-pick]");
  if (!fieldset) return;
  event.preventDefault();
  const input = addChoice(fieldset, event.detail);
  event.target.value = "";
  fieldset.querySelector("[data-pick-status]").textContent = `${event.detail.label} est choisi.`;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
