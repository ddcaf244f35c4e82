// Answers each change of the planned composition without leaving the page; without this file, the
// buttons do. The page itself is asked again, so that there is one way to render it.

const form = document.querySelector("[data-try-out]");
const page = form.action.split("#")[0];
let asked = 0;

function address(submitter) {
  const values = new URLSearchParams(new FormData(form));
  if (submitter?.name) values.append(submitter.name, submitter.value);
  // Rows at the end of which nothing is said make an address longer for nothing.
  const names = ["nom", "nature", "commerciale", "ess", "formation", "groupement", "morale"];
  const columns = names.map((name) => values.getAll(name));
  if (!submitter?.name) {
    while (columns[0].length && columns.every((column) => !column.at(-1))) {
      columns.forEach((column) => column.pop());
    }
    names.forEach((name, i) => {
      values.delete(name);
      columns[i].forEach((value) => values.append(name, value));
    });
  }
  return `${page}?${values}`;
}

async function ask(url) {
  const mine = ++asked;
  const response = await fetch(url);
  if (!response.ok) throw new Error(response.status);
  const found = new DOMParser().parseFromString(await response.text(), "text/html");
  // Another answer is on its way: this one is of before it.
  return mine === asked ? found : null;
}

function take(found, selector) {
  const to = document.querySelector(selector);
  to.replaceChildren(...found.querySelector(selector).childNodes);
}

// The fields under the reader's hands stay, unless the answers leave others to ask for.
function takeFacts(found) {
  const focused = document.activeElement?.id;
  for (const facts of form.querySelectorAll("[data-facts]")) {
    const other = found.querySelector(`[data-facts="${facts.dataset.facts}"]`);
    if (other && other.dataset.shape !== facts.dataset.shape) facts.replaceWith(other);
  }
  if (focused && document.activeElement.id !== focused) {
    const still = document.getElementById(focused);
    const row = focused.split("-").at(-1);
    (still ?? document.getElementById(`nature-${row}`))?.focus();
  }
}

function takeAnswer(found) {
  take(found, "[data-messages]");
  take(found, "[data-answer]");
  take(found, "[data-result]");
  for (const item of document.querySelectorAll("[data-result] [data-needs-script]")) {
    item.hidden = false;
  }
  history.replaceState(null, "", `${address()}#essai`);
}

form.addEventListener("change", async () => {
  try {
    const found = await ask(address());
    if (!found) return;
    takeFacts(found);
    takeAnswer(found);
  } catch {
    // The button still answers.
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { submitter } = event;
  const url = address(submitter);
  try {
    const found = await ask(url);
    if (!found) return;
    if (submitter?.name) {
      take(found, "[data-members]");
      const names = form.querySelectorAll("[name=nom]");
      const at = submitter.name === "ajouter" ? names.length : Number(submitter.value) - 1;
      names[Math.min(Math.max(at, 1), names.length) - 1].focus();
    } else {
      takeFacts(found);
    }
    takeAnswer(found);
    if (!submitter?.name) document.querySelector("[data-result]").focus();
  } catch {
    window.location.assign(url);
  }
});

document.querySelector("[data-result]").addEventListener("click", async (event) => {
  if (!event.target.closest("[data-copy-essay]")) return;
  const link = window.location.href;
  try {
    await navigator.clipboard.writeText(link);
    document.querySelector("[data-essay-copied]").textContent = "Le lien est copié.";
    event.target.textContent = "Lien copié";
  } catch {
    // Without the right to write to the clipboard, the address is shown to be copied by hand.
    window.prompt("Copiez ce lien :", link);
  }
});
for (const item of document.querySelectorAll("[data-result] [data-needs-script]")) {
  item.hidden = false;
}
