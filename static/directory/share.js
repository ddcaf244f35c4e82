// Copying the address and printing: what only a script can do, shown once it can.
const status = document.querySelector("[data-copied]");

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    status.textContent = "Le lien est copié.";
    button.textContent = "Lien copié";
  } catch {
    // Without the right to write to the clipboard, the address is shown to be copied by hand.
    window.prompt("Copiez ce lien :", button.dataset.copy);
  }
}

for (const item of document.querySelectorAll("[data-needs-script]")) {
  item.hidden = false;
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
