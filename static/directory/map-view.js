// The view of the map and the address: what a link shows is what its sender saw.
(function (carte) {
  "use strict";

  const WRITE_DELAY = 250;
  const CLOSEST_FIT = 9;

  const TERRITORIES = [
    { code: "", name: "Métropole", bounds: [[41.33, -5.15], [51.09, 9.57]] },
    { code: "01", name: "Guadeloupe", bounds: [[15.82, -61.82], [16.52, -60.99]] },
    { code: "02", name: "Martinique", bounds: [[14.38, -61.24], [14.89, -60.8]] },
    { code: "03", name: "Guyane", bounds: [[2.1, -54.62], [5.78, -51.6]] },
    { code: "04", name: "La Réunion", bounds: [[-21.4, 55.2], [-20.85, 55.85]] },
    { code: "06", name: "Mayotte", bounds: [[-13.02, 45], [-12.62, 45.32]] },
  ];

  function territoryOf(region) {
    return TERRITORIES.find((territory) => territory.code === region) || TERRITORIES[0];
  }

  function parseView(search) {
    const written = new URLSearchParams(search).get("vue");
    const parts = (written || "").split("/").map(Number);
    const [zoom, lat, lon] = parts;
    const valid =
      parts.length === 3 &&
      parts.every(Number.isFinite) &&
      zoom >= 0 &&
      Math.abs(lat) <= 85 &&
      Math.abs(lon) <= 180;
    return valid ? { zoom, lat, lon } : null;
  }

  function withView(search, view) {
    const kept = search
      .replace(/^\?/, "")
      .split("&")
      .filter((part) => part && !part.startsWith("vue="));
    // Written by hand: URLSearchParams would turn its slashes into %2F.
    return view ? `?${[...kept, `vue=${view}`].join("&")}` : kept.length ? `?${kept.join("&")}` : "";
  }

  function createView(map, onNoView) {
    let quiet = 0;
    let chosen = null;
    let framed = TERRITORIES[0].bounds;
    let timer = 0;

    function quietly(action) {
      quiet += 1;
      action();
      quiet -= 1;
    }

    function current() {
      const { lat, lng } = map.getCenter();
      return `${Number(map.getZoom().toFixed(2))}/${lat.toFixed(4)}/${lng.toFixed(4)}`;
    }

    function write() {
      window.clearTimeout(timer);
      const search = withView(location.search, chosen);
      if (search !== location.search) {
        history.replaceState(history.state, "", location.pathname + search + location.hash);
      }
    }

    function frame(bounds) {
      framed = bounds;
      quietly(() =>
        map.fitBounds(bounds, { animate: false, padding: [8, 8], maxZoom: CLOSEST_FIT }),
      );
    }

    // The page's own moves say nothing of what the reader wants to look at.
    map.on("autopanstart", () => {
      quiet += 1;
      map.once("moveend", () => window.setTimeout(() => (quiet -= 1)));
    });
    map.on("moveend", () => {
      if (!quiet) {
        chosen = current();
        window.clearTimeout(timer);
        timer = window.setTimeout(write, WRITE_DELAY);
      }
    });

    return {
      frame,
      write,
      quietly,
      chosen: () => chosen,
      goTo(territory, animate) {
        map.fitBounds(territory.bounds, { animate, padding: [8, 8] });
      },
      refit() {
        chosen = null;
        write();
        frame(framed);
      },
      resized() {
        quietly(() => map.invalidateSize({ animate: false, pan: !!chosen }));
        if (!chosen) {
          frame(framed);
        }
      },
      // True when the address says where to look.
      restore() {
        const view = parseView(location.search);
        chosen = view && `${view.zoom}/${view.lat}/${view.lon}`;
        if (view) {
          quietly(() => map.setView([view.lat, view.lon], view.zoom, { animate: false }));
        } else if (onNoView) {
          onNoView();
        }
        return !!view;
      },
      remember(bounds) {
        framed = bounds;
      },
    };
  }

  // Results spread over two oceans have no useful common frame: the fullest territory is shown.
  function boundsOfResults(features) {
    const byTerritory = new Map();
    for (const { geometry, properties } of features) {
      if (geometry) {
        const territory = territoryOf(properties.r);
        const bounds = byTerritory.get(territory) || { count: 0, box: L.latLngBounds([]) };
        bounds.count += 1;
        bounds.box.extend([geometry.coordinates[1], geometry.coordinates[0]]);
        byTerritory.set(territory, bounds);
      }
    }
    const [fullest] = [...byTerritory.values()].sort((one, other) => other.count - one.count);
    return fullest ? fullest.box.pad(0.1) : null;
  }

  Object.assign(carte, {
    TERRITORIES,
    boundsOfResults,
    createView,
    parseView,
    territoryOf,
    withView,
  });
})((window.ptceMap = window.ptceMap || {}));
