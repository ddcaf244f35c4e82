// Territories chosen on the map: a click on an outline ticks its box, another one unticks it.
import { makeMap, outlines } from "./map-base.js";
import { addChoice } from "./picker.js";

function start(section) {
  const { places } = JSON.parse(document.getElementById("territoires").textContent);
  const fieldset = document.querySelector('[data-pick="coverage"]');
  const said = section.querySelector("[data-said]");
  const buttons = [...section.querySelectorAll("[data-level]")];
  const layers = new Map();
  section.hidden = false;
  const map = makeMap(section.querySelector("[data-canvas]"), section.dataset);

  const box = (pk) => fieldset.querySelector(`input[value="${pk}"]`);

  function paint() {
    for (const group of layers.values()) {
      group.eachLayer((layer) => {
        const chosen = Boolean(box(layer.place?.pk)?.checked);
        layer.getElement()?.classList.toggle("is-chosen", chosen);
      });
    }
  }

  function toggle({ pk, label }) {
    const input = box(pk);
    if (input?.checked) {
      input.checked = false;
      said.textContent = `${label} est retiré.`;
    } else {
      addChoice(fieldset, { value: pk, label });
      said.textContent = `${label} est choisi.`;
    }
    box(pk).dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function layerOf(level) {
    if (!layers.has(level)) {
      const collection = await outlines(section.dataset[level]);
      const group = window.L.geoJSON(collection, {
        style: () => ({ className: "workspace-map__territory", weight: 1 }),
        onEachFeature(feature, layer) {
          layer.place = places[level][feature.properties.code];
          if (!layer.place) return;
          layer.bindTooltip(layer.place.label, { sticky: true });
          layer.on("click", () => toggle(layer.place));
        },
      });
      layers.set(level, group);
    }
    return layers.get(level);
  }

  async function show(level) {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.level === level));
    }
    try {
      const wanted = await layerOf(level);
      for (const group of layers.values()) group.remove();
      wanted.addTo(map);
      paint();
    } catch {
      said.textContent = "La carte n’a pas pu être chargée : cherchez les territoires par leur nom.";
    }
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.level));
  fieldset.addEventListener("change", paint);
  show("departements");
}

const section = document.querySelector("[data-coverage-map]");
if (section && window.L) start(section);
