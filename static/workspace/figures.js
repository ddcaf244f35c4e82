// Several cells pasted in one: they fill the table from there. Without this file, the box below does.
const table = document.querySelector(".figures");
const box = document.getElementById("id_tableau");
const anchor = document.querySelector("[name=cellule]");
const fill = document.querySelector("[data-paste] button");

table?.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  const [, column, row] = event.target.name?.match(/^(\w+)-(\w+)$/) ?? [];
  if (!column || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const typed = document.getElementById(`id_annee-${row}`);
  anchor.value = `${column}:${typed ? typed.value : row}`;
  box.value = text;
  fill.form.requestSubmit(fill);
});
