// Keeps what is typed at each pause, so that closing the browser loses nothing.
const PAUSE_MS = 1200;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "why"]);

function written(form) {
  const values = [...new FormData(form)].filter(([name]) => !NOT_TYPED.has(name));
  return new URLSearchParams(values).toString();
}

export function keepDrafts(form) {
  const status = form.querySelector("[data-draft-status]");
  const opened = written(form);
  let kept = opened;
  let timer = 0;
  let leaving = false;

  // A draft is taken up again on its own page: there, what was opened is worth keeping.
  const hadDraft = "resumed" in form.dataset;

  async function keep() {
    window.clearTimeout(timer);
    const now = written(form);
    if (leaving || now === kept) return;
    kept = now;
    const body = new FormData(form);
    if (now === opened && !hadDraft) body.append("rien", "1");
    try {
      // Alive beyond the page; browsers refuse it to long ones.
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(body),
        keepalive: now.length < 50_000,
      });
      if (answer.redirected || !answer.ok) throw new Error(answer.status);
      status.textContent = (await answer.json()).said;
    } catch {
      kept = "";
      status.textContent =
        "Le brouillon n’a pas pu être gardé : enregistrez, ou vérifiez votre connexion.";
    }
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, PAUSE_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  // A page that the browser brings back as it was is no longer leaving.
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDrafts(form);
