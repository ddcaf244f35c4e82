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
