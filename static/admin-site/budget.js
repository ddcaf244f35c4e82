/* The budget counts down while amounts are typed; the page says all the same without it. */
(() => {
  const rows = [...document.querySelectorAll("tr[data-envelope]")];
  const fields = [...document.querySelectorAll("input[data-amount]")];
  const told = document.querySelector("[data-countdown]");
  if (!rows.length || !fields.length || !told) return;

  const euros = new Intl.NumberFormat("fr-FR", {
    style: "currency", currency: "EUR", minimumFractionDigits: 0, maximumFractionDigits: 2,
  });
  // A French hand types spaces and a comma.
  const number = text => Number(text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".")) || 0;
  const typed = row => fields
    .filter(field => !row.dataset.part || field.dataset.amount.split(" ").includes(row.dataset.part))
    .reduce((sum, field) => sum + number(field.value), 0);
  const loaded = row => fields
    .filter(field => !row.dataset.part || field.dataset.amount.split(" ").includes(row.dataset.part))
    .reduce((sum, field) => sum + number(field.dataset.saved), 0);

  const count = () => {
    const over = [];
    for (const row of rows) {
      // Files that this grid does not show are engaged too.
      const engaged = Number(row.dataset.engaged) - loaded(row) + typed(row);
      const left = Number(row.dataset.envelope) - engaged;
      row.querySelector("[data-engaged-cell]").textContent = euros.format(engaged);
      row.querySelector("[data-left-cell]").textContent = euros.format(left);
      row.classList.toggle("registry-over", left < 0);
      over.push(`${row.cells[0].textContent}\u00a0: ${left < 0
        ? `${euros.format(-left)} de trop`
        : `il reste ${euros.format(left)}`}`);
    }
    told.textContent = `${over.join("\u00a0; ")}.`;
    told.hidden = false;
  };

  for (const field of fields) field.addEventListener("change", count);
  for (const field of fields) field.addEventListener("input", () => {
    clearTimeout(count.later);
    count.later = setTimeout(count, 300);
  });
  count();
})();
