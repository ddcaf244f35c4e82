// Answers each change of the planned composition without leaving the page; without this file, the
// button does.

const form = document.querySelector("[data-try-out]");
const result = document.getElementById("resultat");
let asked = 0;

async function answer() {
  const mine = ++asked;
  const address = `${form.action.split("#")[0]}?${new URLSearchParams(new FormData(form))}`;
  let page;
  try {
    const response = await fetch(address);
    if (!response.ok) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return;
  }
  const found = page.getElementById("resultat");
  if (mine !== asked || !found) return;
  result.replaceChildren(...found.childNodes);
  history.replaceState(null, "", `${address}#essai`);
}

form?.addEventListener("change", answer);
