// The point of a pole: found from its address, dragged, moved with the arrows, or typed.
import { makeMap, outlines } from "./map-base.js";
import { addChoice } from "./picker.js";

const STEP = 12;
const LONG_STEP = 90;
const CLOSE = 16;
const OF_A_COMMUNE = 12;
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const TYPED = /^\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:[.,]\d+)?)\s*$/;

function parse(text) {
  const found = TYPED.exec(text);
  if (!found) return null;
  const [lat, lng] = [found[1], found[2]].map((each) => Number(each.replace(",", ".")));
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

function start(section) {
  const form = section.closest("form");
  const position = form.elements.namedItem("position");
  const hidden = form.querySelector("input[type=hidden][name=trouve]");
  const unsure = form.querySelector("[data-unsure]");
  const said = section.querySelector("[data-said]");
  const remove = section.querySelector("[data-remove]");
  section.hidden = false;
  const map = makeMap(section.querySelector("[data-canvas]"), section.dataset);
  let marker = null;
  let timer = 0;

  outlines(section.dataset.regions)
    .then((regions) =>
      window.L.geoJSON(regions, {
        interactive: false,
        style: () => ({ className: "workspace-map__region", weight: 1 }),
      })
        .addTo(map)
        .bringToBack(),
    )
    .catch(() => {});

  const text = ({ lat, lng }) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;

  function tell(words) {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => (said.textContent = words), 500);
  }

  function name() {
    const where = text(marker.getLatLng());
    const icon = marker.getElement();
    icon.setAttribute("aria-label", `Point du pôle : ${where}. Flèches pour le déplacer.`);
    return where;
  }

  function show(point) {
    if (!point) {
      marker?.remove();
      marker = null;
      remove.disabled = true;
      return;
    }
    remove.disabled = false;
    if (marker) {
      marker.setLatLng(point);
    } else {
      marker = window.L.marker(point, {
        draggable: true,
        icon: window.L.divIcon({
          className: "workspace-map__marker",
          html: '<span class="workspace-map__pin"></span>',
          iconAnchor: [16, 40],
          iconSize: [32, 42],
        }),
      }).addTo(map);
      const icon = marker.getElement();
      icon.setAttribute("role", "application");
      icon.setAttribute("aria-roledescription", "point à déplacer");
      icon.addEventListener("keydown", move);
      marker.on("dragend", () => moved());
    }
    name();
  }

  // What is put by hand is no longer what the geocoder found.
  function forget() {
    hidden.value = "";
    for (const radio of form.querySelectorAll("input[type=radio][name=trouve]")) {
      radio.checked = false;
    }
    unsure.hidden = true;
  }

  function moved() {
    position.value = name();
    forget();
    tell(`Point déplacé : ${position.value}.`);
    position.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function move(event) {
    const direction = MOVES[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? LONG_STEP : STEP;
    const here = map.latLngToContainerPoint(marker.getLatLng());
    const there = here.add([direction[0] * step, direction[1] * step]);
    marker.setLatLng(map.containerPointToLatLng(there));
    map.panInside(marker.getLatLng(), { padding: [40, 40], animate: false });
    moved();
  }

  function goTo(point, zoom) {
    map.setView(point, Math.max(map.getZoom(), zoom), { animate: false });
  }

  function found(detail) {
    const point = { lat: Number(detail.latitude), lng: Number(detail.longitude) };
    hidden.value = detail.value;
    position.value = text(point);
    unsure.hidden = detail.sure;
    show(point);
    goTo(point, CLOSE);
    if (detail.seat) {
      const fieldset = form.querySelector('[data-pick="seat"]');
      const chosen = fieldset.querySelector("input[type=radio]:checked");
      // The commune that was said before is the person's to change.
      if (!chosen?.value) addChoice(fieldset, detail.seat);
    }
    tell(
      detail.sure
        ? `${detail.label} : point placé en ${position.value}.`
        : `${detail.label} : le géocodage n’en est pas sûr, vérifiez le point.`,
    );
  }

  const box = form.querySelector("[data-address-box]");
  box.addEventListener("combobox:choose", (event) => {
    event.preventDefault();
    event.target.value = event.detail.label;
    found(event.detail);
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("combobox:choose", (event) => {
    const { latitude, longitude } = event.detail;
    if (event.target.closest('[data-pick="seat"]') && latitude && !marker) {
      goTo([Number(latitude), Number(longitude)], OF_A_COMMUNE);
    }
  });
  form.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name === "trouve" && target.checked) {
      const point = { lat: Number(target.dataset.latitude), lng: Number(target.dataset.longitude) };
      position.value = text(point);
      show(point);
      goTo(point, CLOSE);
    } else if (target === position) {
      forget();
      show(parse(position.value));
      if (marker) goTo(marker.getLatLng(), CLOSE);
    }
  });
  section.querySelector("[data-put]").addEventListener("click", () => {
    show(map.getCenter());
    moved();
    marker.getElement().focus();
  });
  remove.addEventListener("click", () => {
    show(null);
    position.value = "";
    forget();
    tell("Point retiré : le pôle sera montré au centre de son siège.");
    position.dispatchEvent(new Event("input", { bubbles: true }));
  });
  map.on("click", ({ latlng }) => {
    show(latlng);
    moved();
  });
  // Enter in the line of the address looks it up; elsewhere it saves, as in every section.
  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.defaultPrevented || !target.matches("input")) return;
    if (target.name === "address" || target.matches("[type=checkbox], [type=radio]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]:not([name])"));
  });

  const known = parse(position.value);
  show(known);
  if (known) {
    goTo(known, CLOSE);
  } else if (section.dataset.latitude) {
    goTo([Number(section.dataset.latitude), Number(section.dataset.longitude)], OF_A_COMMUNE);
  }
}

const section = document.querySelector("[data-place-map]");
if (section && window.L) start(section);
