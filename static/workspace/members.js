// The search box adds what is chosen in it; without this file its button leads to the same choices.
const form = document.getElementById("saisie_form");
const input = document.getElementById("id_cherche");
const search = document.querySelector("[data-search]");

function press(action) {
  const button = document.createElement("button");
  button.name = "action";
  button.value = action;
  button.formAction = search.formAction;
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button);
}

input?.addEventListener("combobox:choose", (event) => {
  event.preventDefault();
  press(event.detail.action);
});

// A row that an address leads to is opened, so that its fields are there.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const inside = target.matches("li") ? target.querySelector("select, input:not([type=hidden])") : target;
  inside?.focus();
}
window.addEventListener("hashchange", openTarget);
if (!document.querySelector("[data-focus]")) openTarget();
