// The map with the keyboard alone: one tab stop, then arrows among the poles.
(function (carte) {
  "use strict";

  const STEP = 90;
  const LONG_STEP = 270;
  // Markers whose heights differ by less are read as one line, from left to right.
  const LINE = 32;
  const MOVES = {
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
  };
  const NEXT = ["ArrowRight", "ArrowDown", "n", "N"];
  const PREVIOUS = ["ArrowLeft", "ArrowUp", "p", "P"];

  function createKeyboard(map, parts) {
    const { canvas, poles, popups, say, goTo, onlyRegions, calm } = parts;
    // Where the reader stands among the poles; null while the keys move the map.
    let standing = null;

    function items() {
      const size = map.getSize();
      const pane = onlyRegions() ? ".ptce-count" : ".ptce-pole, .ptce-cluster";
      return [...canvas.querySelectorAll(pane)]
        .map((element) => {
          const item = carte.itemOf(element);
          return item && { element, item, point: map.latLngToContainerPoint(item.getLatLng()) };
        })
        .filter(
          (entry) =>
            entry &&
            entry.point.x >= 0 &&
            entry.point.y >= 0 &&
            entry.point.x <= size.x &&
            entry.point.y <= size.y,
        )
        .sort((one, other) => {
          const lines = Math.round(one.point.y / LINE) - Math.round(other.point.y / LINE);
          return lines || one.point.x - other.point.x;
        });
    }

    function focusItem(all, index) {
      const { element, item } = all[index];
      standing = { element, latlng: item.getLatLng() };
      element.focus({ preventScroll: true });
      const name = element.getAttribute("aria-label");
      poles.showName(item, element);
      say(`${index + 1} sur ${all.length}${carte.NBSP}: ${name}`);
    }

    function leave() {
      standing = null;
      poles.hideName();
    }

    function enter() {
      const all = items();
      if (all.length) {
        focusItem(all, 0);
      } else {
        say("Aucun pôle dans la partie visible de la carte.");
      }
    }

    function walk(direction) {
      const all = items();
      if (!all.length) {
        canvas.focus();
        return;
      }
      const here = all.findIndex((entry) => entry.element === document.activeElement);
      const next = here < 0 ? 0 : (here + direction + all.length) % all.length;
      focusItem(all, next);
    }

    // A zoom or new results replace the markers: the focus goes to the nearest one left.
    function restore() {
      if (!standing || popups.isOpen()) {
        return;
      }
      const active = document.activeElement;
      if (active !== document.body && active !== standing.element && active !== canvas) {
        return;
      }
      const all = items();
      if (all.some((entry) => entry.element === active)) {
        return;
      }
      if (!all.length) {
        leave();
        canvas.focus({ preventScroll: true });
        say("Aucun pôle dans la partie visible de la carte.");
        return;
      }
      const distance = (entry) => map.distance(entry.item.getLatLng(), standing.latlng);
      const nearest = all.reduce((best, entry, index) => {
        return distance(entry) < distance(all[best]) ? index : best;
      }, 0);
      focusItem(all, nearest);
    }

    function backTo(origin) {
      const all = items();
      const index = all.findIndex((entry) => entry.item === origin.item);
      if (index >= 0) {
        focusItem(all, index);
      } else {
        standing = { element: null, latlng: origin.latlng };
        canvas.focus({ preventScroll: true });
        window.setTimeout(restore, 300);
      }
    }

    function open(element) {
      const item = carte.itemOf(element);
      standing = { element, latlng: item.getLatLng() };
      if (item.open) {
        poles.hideName();
        item.open();
      } else {
        poles.openItem(item, true);
      }
    }

    // Keys that mean the same on the map and among the poles.
    function common(event) {
      if (event.key === "+" || event.key === "=") {
        map.zoomIn(1, { animate: !calm });
      } else if (event.key === "-" || event.key === "_") {
        map.zoomOut(1, { animate: !calm });
      } else if (/^[1-6]$/.test(event.key)) {
        leave();
        canvas.focus({ preventScroll: true });
        goTo(carte.TERRITORIES[Number(event.key) - 1]);
      } else {
        return false;
      }
      return true;
    }

    function onMap(event) {
      if (MOVES[event.key]) {
        const length = event.shiftKey ? LONG_STEP : STEP;
        const [x, y] = MOVES[event.key];
        map.panBy([x * length, y * length], { animate: !calm });
      } else if (event.key === "Enter" || event.key === " ") {
        enter();
      } else if (event.key === "Escape" && popups.isOpen()) {
        popups.close();
      } else {
        return common(event);
      }
      return true;
    }

    function onItem(event) {
      if (NEXT.includes(event.key)) {
        walk(1);
      } else if (PREVIOUS.includes(event.key)) {
        walk(-1);
      } else if (event.key === "Home" || event.key === "End") {
        const all = items();
        focusItem(all, event.key === "Home" ? 0 : all.length - 1);
      } else if (event.key === "Enter" || event.key === " ") {
        open(event.target);
      } else if (event.key === "Escape") {
        leave();
        canvas.focus({ preventScroll: true });
        say("Retour à la carte.");
      } else {
        return common(event);
      }
      return true;
    }

    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) {
        return;
      }
      let used = false;
      if (event.target === canvas) {
        used = onMap(event);
      } else if (carte.itemOf(event.target)) {
        used = onItem(event);
      } else if (event.key === "Escape" && popups.isOpen()) {
        popups.close();
        used = true;
      }
      if (used) {
        event.preventDefault();
        event.stopPropagation();
      }
    });

    document.addEventListener("focusin", (event) => {
      if (!canvas.contains(event.target)) {
        leave();
      }
    });
    canvas.addEventListener("pointerdown", leave);
    // A page being scrolled must not be caught by the map that it passes over.
    canvas.addEventListener("focusin", () => map.scrollWheelZoom.enable());
    canvas.addEventListener("focusout", () => map.scrollWheelZoom.disable());
    map.on("zoomend moveend", () => window.setTimeout(restore, calm ? 0 : 320));
    poles.group.on("animationend", () => window.setTimeout(restore));

    return { restore, backTo, walking: () => standing !== null };
  }

  Object.assign(carte, { createKeyboard });
})((window.ptceMap = window.ptceMap || {}));
