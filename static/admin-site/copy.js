/* Copies the text of a field; without it, or without the right to, one selects and copies by hand. */
(() => {
  const told = document.querySelector("[data-copied]");
  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    if (!field || !told) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.focus();
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        told.textContent = "Le texte est copié.";
      } catch {
        told.textContent = "Le texte est sélectionné : copiez-le avec Ctrl-C.";
      }
    });
  }
})();
