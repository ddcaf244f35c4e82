// A commune that is chosen among the proposals is written in its field, which the form then sends.
for (const input of document.querySelectorAll("[data-commune]")) {
  input.addEventListener("combobox:choose", (event) => {
    event.preventDefault();
    input.value = event.detail.label;
  });
}
