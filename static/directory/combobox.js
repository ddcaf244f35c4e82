// A search box that proposes places and poles while one types (the ARIA combobox pattern, with a
// list that pops up). Without it, the form simply sends what was typed.
const DELAY_MS = 180;
let made = 0;

function makeCombobox(input) {
  made += 1;
  const list = document.createElement("ul");
  list.id = `propositions-${made}`;
  list.className = "combobox__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Propositions");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "fr-sr-only";
  status.setAttribute("role", "status");
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  })) {
    input.setAttribute(name, value);
  }

  let timer = 0;
  let asked = null;
  let current = -1;

  function options() {
    return [...list.children];
  }

  function close() {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    const all = options();
    current = (index + all.length) % all.length;
    all.forEach((option, rank) => {
      option.setAttribute("aria-selected", String(rank === current));
    });
    all[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[current].id);
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map((suggestion, rank) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${rank}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = suggestion.url;
        option.className = "combobox__option";
        const label = document.createElement("span");
        label.textContent = suggestion.label;
        const detail = document.createElement("span");
        detail.className = "combobox__detail";
        detail.textContent = suggestion.detail;
        option.append(label, " ", detail);
        return option;
      }),
    );
    status.textContent = suggestions.length
      ? `${suggestions.length} proposition${suggestions.length > 1 ? "s" : ""}, flèches pour choisir.`
      : "Aucune proposition ; Entrée lance la recherche.";
    current = -1;
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const typed = input.value.trim();
    asked?.abort();
    if (typed.length < 2) {
      close();
      return;
    }
    asked = new AbortController();
    const url = new URL(input.dataset.combobox, location.href);
    url.searchParams.set("q", typed);
    if (input.dataset.comboboxType) {
      url.searchParams.set("type", input.dataset.comboboxType);
    }
    try {
      const response = await fetch(url, { signal: asked.signal });
      if (response.ok) {
        show((await response.json()).suggestions);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
      }
    }
  }

  function choose(option) {
    location.assign(option.dataset.url);
  }

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, DELAY_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else {
        point(event.key === "ArrowDown" ? current + 1 : current < 0 ? -1 : current - 1);
      }
      event.preventDefault();
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      choose(options()[current]);
    } else if (event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      choose(option);
    }
  });
  input.addEventListener("blur", close);
}

for (const input of document.querySelectorAll("[data-combobox]")) {
  makeCombobox(input);
}
