// What lies under the poles: the regions, coloured by their number of poles, and the tiles.
(function (carte) {
  "use strict";

  const STEPS = 5;
  const REGIONS_UP_TO = 5.25;
  const COLOURED_UP_TO = 6.5;
  const DEPARTEMENTS_FROM = 7;
  const TILES_FROM = 7;
  const NEAR_FROM = 11;
  const FAILURES_BEFORE_SAYING = 4;

  // As directory/drawn_map.py does: equal shares of the greatest count.
  function stepOf(count, most) {
    return count > 0 && most > 0 ? Math.ceil((count * STEPS) / most) : 0;
  }

  function stepLabels(most) {
    const labels = [];
    for (let step = 1; step <= STEPS; step += 1) {
      const low = Math.floor(((step - 1) * most) / STEPS) + 1;
      const high = Math.floor((step * most) / STEPS);
      if (low <= high) {
        const label = low === high ? `${low}` : `${carte.number(low)} à ${carte.number(high)}`;
        labels.push({ step, label });
      }
    }
    return labels;
  }

  function ringsOf(geometry) {
    return geometry.type === "Polygon"
      ? [geometry.coordinates[0]]
      : geometry.coordinates.map((polygon) => polygon[0]);
  }

  // The middle of the largest part: a label set between two islands would name the sea.
  function labelPlace(geometry) {
    let best = { area: 0, lat: 0, lon: 0 };
    for (const ring of ringsOf(geometry)) {
      let area = 0;
      let lon = 0;
      let lat = 0;
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
        area += cross;
        lon += (ring[i][0] + ring[i + 1][0]) * cross;
        lat += (ring[i][1] + ring[i + 1][1]) * cross;
      }
      if (Math.abs(area) > best.area) {
        best = { area: Math.abs(area), lon: lon / (3 * area), lat: lat / (3 * area) };
      }
    }
    return [best.lat, best.lon];
  }

  const LabelIcon = L.DivIcon.extend({
    createIcon(previous) {
      const made = L.DivIcon.prototype.createIcon.call(this, previous);
      if (this.options.item) {
        carte.nameElement(made, this.options.name, this.options.item);
      } else {
        made.setAttribute("aria-hidden", "true");
      }
      return made;
    },
  });

  function createLayers(map, box, options) {
    const regions = new Map();
    let departements = null;
    let counts = new Map();

    for (const [name, order] of [["contours", 250], ["noms", 560], ["comptes", 610]]) {
      map.createPane(name).style.zIndex = order;
    }
    map.getPane("noms").style.pointerEvents = "none";
    const under = L.svg({ pane: "contours", padding: 0.5 });

    // Not Leaflet's own bindTooltip: its focus listeners would make a tab stop of each region.
    const hinted = L.tooltip({
      className: "ptce-tooltip",
      direction: "top",
      offset: [0, -8],
      opacity: 1,
    });
    function hint(region, latlng) {
      if (map.getZoom() <= COLOURED_UP_TO && region.words) {
        hinted.setContent(document.createTextNode(region.words)).setLatLng(latlng).addTo(map);
      }
    }

    function addRegions(collection) {
      for (const feature of collection.features) {
        const { code, nom } = feature.properties;
        const outline = L.geoJSON(feature, {
          pane: "contours",
          renderer: under,
          style: () => ({ className: "ptce-region", weight: 1 }),
        });
        outline.on("click", () => {
          if (map.getZoom() <= REGIONS_UP_TO) {
            zoomTo(code);
          }
        });
        outline.on("mousemove", (event) => hint(regions.get(code), event.latlng));
        outline.on("mouseout", () => hinted.remove());
        outline.addTo(map);
        regions.set(code, { code, nom, outline, geometry: feature.geometry });
      }
      paint();
    }

    function zoomTo(code) {
      map.fitBounds(regions.get(code).outline.getBounds(), {
        animate: !options.calm,
        padding: [16, 16],
      });
    }

    function countIcon(region) {
      return new LabelIcon({
        item: {
          options: { icon: { options: {} } },
          getLatLng: () => region.count.getLatLng(),
          open: () => zoomTo(region.code),
        },
        name: region.words,
        html: `<span aria-hidden="true">${carte.number(region.total)}</span>`,
        className: `ptce-count${region.total ? "" : " ptce-count--none"}`,
        iconSize: [34, 26],
      });
    }

    function nameLabel(name, geometry, className) {
      const span = document.createElement("span");
      span.textContent = name;
      return L.marker(labelPlace(geometry), {
        pane: "noms",
        interactive: false,
        keyboard: false,
        icon: new LabelIcon({ className, html: span, iconSize: [0, 0] }),
      });
    }

    // Made when a scale first needs them: few views need both, and the first one must be quick.
    function needLabels() {
      const zoom = map.getZoom();
      for (const region of regions.values()) {
        if (zoom <= REGIONS_UP_TO && !region.count && region.words) {
          region.count = L.marker(labelPlace(region.geometry), { pane: "comptes", keyboard: false });
          region.count.on("click", () => zoomTo(region.code));
          region.count.setIcon(countIcon(region)).addTo(map);
        }
        if (zoom > COLOURED_UP_TO && !region.name) {
          region.name = nameLabel(region.nom, region.geometry, "ptce-name").addTo(map);
        }
      }
    }

    function paint() {
      const most = Math.max(0, ...[...regions.keys()].map((code) => counts.get(code) || 0));
      for (const region of regions.values()) {
        const count = counts.get(region.code) || 0;
        const step = stepOf(count, most);
        region.outline.eachLayer((layer) => {
          const path = layer.getElement();
          path.classList.remove(...[0, 1, 2, 3, 4, 5].map((n) => `ptce-region--${n}`));
          path.classList.add(`ptce-region--${step}`);
        });
        const words = `${region.nom}${carte.NBSP}: ${carte.poles(count)}`;
        region.words = words;
        region.total = count;
        if (region.count) {
          region.count.setIcon(countIcon(region));
        }
      }
      needLabels();
      options.onSteps(stepLabels(most), most);
    }

    async function needDepartements() {
      if (!departements && options.departementsUrl && map.getZoom() >= DEPARTEMENTS_FROM) {
        departements = L.layerGroup().addTo(map);
        try {
          const collection = await carte.fetchJson(options.departementsUrl);
          L.geoJSON(collection, {
            pane: "contours",
            renderer: under,
            interactive: false,
            style: () => ({ className: "ptce-departement", weight: 1, fill: false }),
          }).addTo(departements);
          for (const { properties, geometry } of collection.features) {
            nameLabel(properties.nom, geometry, "ptce-name ptce-name--small").addTo(departements);
          }
          box.classList.add("has-departements");
        } catch {
          departements = null;
        }
      }
    }

    function showScale() {
      const zoom = map.getZoom();
      box.classList.toggle("is-regions", zoom <= REGIONS_UP_TO);
      box.classList.toggle("is-coloured", zoom <= COLOURED_UP_TO);
      box.classList.toggle("is-by-departement", zoom >= DEPARTEMENTS_FROM);
      box.classList.toggle("is-near", zoom >= NEAR_FROM);
      needLabels();
      needDepartements();
      if (departements) {
        const wanted = zoom >= DEPARTEMENTS_FROM;
        if (wanted !== map.hasLayer(departements)) {
          map[wanted ? "addLayer" : "removeLayer"](departements);
        }
      }
    }
    map.on("zoomend viewreset", showScale);
    map.whenReady(showScale);

    function addTiles() {
      if (!options.tilesUrl) {
        options.onTiles("none");
        return;
      }
      let failures = 0;
      // The outlines stay until a tile has come: a reader without network keeps a map.
      const tiles = L.tileLayer(options.tilesUrl, {
        minZoom: TILES_FROM,
        maxNativeZoom: 18,
        attribution: options.tilesAttribution,
      });
      tiles.on("tileload", () => {
        failures = 0;
        box.classList.add("has-tiles");
        options.onTiles("loaded");
      });
      tiles.on("tileerror", () => {
        failures += 1;
        if (failures >= FAILURES_BEFORE_SAYING) {
          box.classList.remove("has-tiles");
          options.onTiles("failed");
        }
      });
      tiles.addTo(map);
    }

    return {
      addRegions,
      addTiles,
      setCounts(next) {
        counts = next;
        if (regions.size) {
          paint();
        }
      },
      boundsOf: (code) => (regions.has(code) ? regions.get(code).outline.getBounds() : null),
      geometryOf: (code) => (regions.has(code) ? regions.get(code).geometry : null),
      onlyRegions: () => map.getZoom() <= REGIONS_UP_TO,
      pointOut(code, on) {
        if (regions.has(code)) {
          regions.get(code).outline.eachLayer((layer) =>
            layer.getElement().classList.toggle("is-pointed-out", on),
          );
        }
      },
    };
  }

  Object.assign(carte, { createLayers, ringsOf });
})((window.ptceMap = window.ptceMap || {}));
