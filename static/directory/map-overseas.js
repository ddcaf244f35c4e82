// One button for each territory, with its outline and its number of poles.
(function (carte) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const SIDE = 28;

  function miniature(geometries) {
    const rings = geometries.flatMap(carte.ringsOf);
    const all = rings.flat();
    const lats = all.map((point) => point[1]);
    const lons = all.map((point) => point[0]);
    const west = Math.min(...lons);
    const north = Math.max(...lats);
    const shrink = Math.cos((((north + Math.min(...lats)) / 2) * Math.PI) / 180);
    const wide = (Math.max(...lons) - west) * shrink;
    const tall = north - Math.min(...lats);
    const scale = SIDE / Math.max(wide, tall);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute(
      "d",
      rings
        .map((ring) => {
          const points = ring.map(
            ([lon, lat]) =>
              `${((lon - west) * shrink * scale).toFixed(1)} ${((north - lat) * scale).toFixed(1)}`,
          );
          return `M${points.join("L")}Z`;
        })
        .join(""),
    );
    const image = document.createElementNS(SVG, "svg");
    image.setAttribute("viewBox", `0 0 ${(wide * scale).toFixed(1)} ${(tall * scale).toFixed(1)}`);
    image.setAttribute("aria-hidden", "true");
    image.setAttribute("class", "ptce-map__miniature");
    image.append(path);
    return image;
  }

  // The toolbar is one tab stop, and the arrows go from button to button (ARIA toolbar pattern).
  function rove(toolbar) {
    const buttons = () => [...toolbar.querySelectorAll("button:not([hidden])")];
    function stopAt(button) {
      for (const other of buttons()) {
        other.tabIndex = other === button ? 0 : -1;
      }
    }
    stopAt(buttons()[0]);
    toolbar.addEventListener("focusin", (event) => stopAt(event.target.closest("button")));
    toolbar.addEventListener("keydown", (event) => {
      const all = buttons();
      const here = all.indexOf(document.activeElement);
      const next = {
        ArrowRight: here + 1,
        ArrowDown: here + 1,
        ArrowLeft: here - 1,
        ArrowUp: here - 1,
        Home: 0,
        End: all.length - 1,
      }[event.key];
      if (next !== undefined && here >= 0) {
        event.preventDefault();
        all[(next + all.length) % all.length].focus();
      }
    });
  }

  function createOverseas(section, map, { goTo }) {
    const buttons = [...section.querySelectorAll("[data-territory]")];

    for (const [rank, button] of buttons.entries()) {
      button.addEventListener("click", () => goTo(carte.TERRITORIES[rank]));
      button.setAttribute("aria-keyshortcuts", String(rank + 1));
    }
    rove(section.querySelector("[role=toolbar]"));

    function markCurrent() {
      const centre = map.getCenter();
      for (const [rank, button] of buttons.entries()) {
        const inside = L.latLngBounds(carte.TERRITORIES[rank].bounds).pad(0.3).contains(centre);
        button.setAttribute("aria-pressed", String(inside));
      }
    }
    map.on("moveend", markCurrent);
    map.whenReady(markCurrent);

    return {
      setCounts(counts) {
        const totals = carte.TERRITORIES.map(() => 0);
        for (const [region, count] of counts) {
          totals[carte.TERRITORIES.indexOf(carte.territoryOf(region))] += count;
        }
        for (const [rank, button] of buttons.entries()) {
          const badge = button.querySelector("[data-territory-count]");
          badge.textContent = carte.number(totals[rank]);
          button.setAttribute(
            "aria-label",
            `${carte.TERRITORIES[rank].name}${carte.NBSP}: ${carte.poles(totals[rank])}`,
          );
        }
      },
      drawMiniatures(collection) {
        const overseas = carte.TERRITORIES.map((territory) => territory.code).filter(Boolean);
        for (const [rank, button] of buttons.entries()) {
          const { code } = carte.TERRITORIES[rank];
          const geometries = collection.features
            .filter(({ properties }) =>
              code ? properties.code === code : !overseas.includes(properties.code),
            )
            .map((feature) => feature.geometry);
          if (geometries.length) {
            button.prepend(miniature(geometries));
          }
        }
      },
    };
  }

  Object.assign(carte, { createOverseas });
})((window.ptceMap = window.ptceMap || {}));
