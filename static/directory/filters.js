// Keeps addresses short, and what stands outside the swapped parts in step with the filters.
const NARROW = window.matchMedia("(max-width: 61.99em)");

document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const name of [...new Set(Object.keys(parameters))]) {
    const values = [].concat(parameters[name]).filter((value) => value !== "");
    if (!values.length || (name === "tri" && isDefaultSort(values[0]))) {
      delete parameters[name];
    }
  }
});

function isDefaultSort(value) {
  const select = document.getElementById("tri");
  return Boolean(select) && select.options[0].value === value;
}

document.addEventListener("htmx:afterSettle", () => {
  const code = document.getElementById("code-integration");
  if (code) {
    const query = new URLSearchParams(location.search);
    for (const name of ["page", "vue", "tri"]) {
      query.delete(name);
    }
    query.set("integration", "1");
    code.value =
      `<iframe src="${code.dataset.embedUrl}?${query}" title="Carte des PTCE" ` +
      'width="100%" height="600" loading="lazy" allowfullscreen></iframe>';
  }
});

document.addEventListener("htmx:responseError", showFailure);
document.addEventListener("htmx:sendError", showFailure);

function showFailure() {
  const announcement = document.getElementById("annonce");
  announcement.classList.remove("fr-sr-only");
  announcement.textContent =
    "La sélection n’a pas pu être mise à jour. Rechargez la page pour réessayer.";
}

// On a narrow screen the results come first: the filters open when they are asked for.
const fold = document.querySelector(".filters__fold");
if (fold && NARROW.matches) {
  fold.open = false;
}
