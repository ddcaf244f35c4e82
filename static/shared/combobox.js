// A search box that proposes while one types (the ARIA combobox pattern, with a list that pops up).
// Without it, the form simply sends what was typed.
//
// data-combobox: the address that answers {"suggestions": [{"label", "detail", "url"}]};
// data-combobox-more: another one, slower, whose proposals come after. Choosing one leads to its
// address, unless a listener of the event "combobox:choose" (its detail is the proposal) prevents it.
const DELAY_MS = 180;
const MORE_DELAY_MS = 450;
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
  let more = 0;
  let asked = null;
  let shown = [];
  let current = -1;

  function options() {
    return [...list.children];
  }

  function close() {
    window.clearTimeout(more);
    asked?.abort();
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

  function optionOf(suggestion, rank) {
    const option = document.createElement("li");
    option.id = `${list.id}-${rank}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.className = "combobox__option";
    const label = document.createElement("span");
    label.textContent = suggestion.label;
    const detail = document.createElement("span");
    detail.className = "combobox__detail";
    detail.textContent = suggestion.detail;
    option.append(label, " ", detail);
    return option;
  }

  function tell() {
    status.textContent = shown.length
      ? `${shown.length} proposition${shown.length > 1 ? "s" : ""}, flèches pour choisir.`
      : "Aucune proposition ; Entrée lance la recherche.";
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function show(suggestions) {
    shown = suggestions;
    list.replaceChildren(...shown.map(optionOf));
    current = -1;
    input.removeAttribute("aria-activedescendant");
    tell();
  }

  // What comes later takes its place at the end: nothing moves under the reader's hands.
  function add(suggestions) {
    const first = shown.length;
    shown = [...shown, ...suggestions];
    list.append(...suggestions.map((each, rank) => optionOf(each, first + rank)));
    tell();
  }

  async function fetched(address, typed, signal) {
    const url = new URL(address, location.href);
    url.searchParams.set("q", typed);
    if (input.dataset.comboboxType) {
      url.searchParams.set("type", input.dataset.comboboxType);
    }
    const response = await fetch(url, { signal });
    return response.ok ? (await response.json()).suggestions : null;
  }

  async function ask() {
    const typed = input.value.trim();
    window.clearTimeout(more);
    asked?.abort();
    if (typed.length < 2) {
      close();
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    try {
      const found = await fetched(input.dataset.combobox, typed, signal);
      if (found) {
        show(found);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
      }
      return;
    }
    if (input.dataset.comboboxMore) {
      more = window.setTimeout(() => askMore(typed, signal), MORE_DELAY_MS);
    }
  }

  async function askMore(typed, signal) {
    try {
      const found = await fetched(input.dataset.comboboxMore, typed, signal);
      if (found && document.activeElement === input) {
        add(found);
      }
    } catch {
      // Those that are shown already stay.
    }
  }

  function choose(option) {
    const suggestion = shown[options().indexOf(option)];
    close();
    const event = new CustomEvent("combobox:choose", {
      bubbles: true,
      cancelable: true,
      detail: suggestion,
    });
    if (input.dispatchEvent(event)) {
      location.assign(suggestion.url);
    }
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
