// Starts the map in place of the drawn one, and keeps it in step with the filters.
(function (carte) {
  "use strict";

  // Each level costs the clusters of ten thousand poles some time: no more than are of use.
  const MAX_ZOOM = 15;
  const MIN_ZOOM = 4;
  const ROOMY = 700;

  function start(section) {
    const settings = section.dataset;
    const live = section.querySelector("[data-map-live]");
    const canvas = section.querySelector("[data-map-canvas]");
    const find = (name) => section.querySelector(`[data-map-${name}]`);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const framed = window.parent !== window;

    section.classList.add("is-live");
    live.hidden = false;

    const map = L.map(canvas, {
      attributionControl: false,
      fadeAnimation: !calm,
      keyboard: false,
      markerZoomAnimation: !calm,
      maxZoom: MAX_ZOOM,
      minZoom: MIN_ZOOM,
      scrollWheelZoom: false,
      trackResize: false,
      zoomAnimation: !calm,
      zoomControl: false,
      zoomSnap: 0.25,
    });
    const attribution = L.control.attribution({ prefix: false }).addTo(map);
    attribution.addAttribution("Contours : Natural Earth");

    const say = (text) => (find("announce").textContent = text);
    const tell = (text) => (find("message").textContent = text);
    let features = [];
    let loaded = null;
    let pending = null;
    let keyboard = null;

    const view = carte.createView(map);
    if (!view.restore()) {
      view.frame(carte.TERRITORIES[0].bounds);
    }

    const layers = carte.createLayers(map, canvas, {
      calm,
      departementsUrl: settings.departements,
      tilesUrl: settings.tilesUrl,
      tilesAttribution: settings.tilesAttribution,
      onSteps(labels, most) {
        const list = find("steps");
        list.replaceChildren(
          ...labels.map(({ step, label }) => {
            const item = document.createElement("li");
            const sample = document.createElement("span");
            sample.className = `ptce-step ptce-step--${step}`;
            item.append(sample, label);
            return item;
          }),
        );
        list.parentElement.hidden = !most;
      },
      onTiles(state) {
        find("tiles").textContent =
          state === "failed" ? "Fond de carte indisponible : seuls les contours sont montrés." : "";
      },
    });

    const popups = carte.createPopups(map, {
      poleUrl: settings.poleUrl,
      framed,
      onOpen: ({ pole }) => pole && carte.isApproximate(pole) && layers.pointOut(pole.r, true),
      onClose(origin) {
        if (origin.item.pole) {
          layers.pointOut(origin.item.pole.r, false);
        }
        if (origin.byKeyboard && keyboard) {
          keyboard.backTo(origin);
        }
      },
    });
    const poles = carte.createPoles(map, { calm, popups });

    function goTo(territory) {
      map.closePopup();
      view.goTo(territory, false);
      const count = features.filter(
        (feature) => carte.territoryOf(feature.properties.r) === territory,
      ).length;
      say(`${territory.name}${carte.NBSP}: ${carte.poles(count)}.`);
    }

    const overseas = carte.createOverseas(section, map, { goTo });
    const near = carte.createNear(map);
    keyboard = carte.createKeyboard(map, {
      canvas,
      poles,
      popups,
      say,
      goTo,
      onlyRegions: layers.onlyRegions,
      calm,
    });

    function frameResults(query, circle) {
      const asked = new URLSearchParams(query);
      const region = settings.region || (asked.getAll("region").length === 1 && asked.get("region"));
      const bounds =
        circle ||
        (region && layers.boundsOf(region)) ||
        (query || settings.query ? carte.boundsOfResults(features) : null) ||
        carte.TERRITORIES[0].bounds;
      if (view.chosen()) {
        view.remember(bounds);
        const seen = map.getBounds();
        const none = !features.some(
          ({ geometry }) =>
            geometry && seen.contains([geometry.coordinates[1], geometry.coordinates[0]]),
        );
        find("elsewhere").hidden = !none || !features.length;
      } else {
        find("elsewhere").hidden = true;
        view.frame(bounds);
      }
    }

    function show(data, query) {
      features = data.features;
      map.closePopup();
      const counts = carte.countByRegion(features);
      layers.setCounts(counts);
      overseas.setCounts(counts);
      frameResults(query, near.show(data.near));
      poles.show(features);
      find("status").textContent = carte.summary(features);
    }

    async function load() {
      const query = settings.query || carte.filterQuery(location.search);
      if (query === loaded) {
        view.write();
        return;
      }
      // The first address is the one that the page asked the browser to fetch ahead.
      const first = loaded === null && settings.initialUrl;
      loaded = query;
      if (pending) {
        pending.abort();
      }
      const request = (pending = new AbortController());
      section.setAttribute("aria-busy", "true");
      try {
        const url = first || carte.dataUrl(settings.url, query);
        const data = await carte.fetchJson(url, request.signal);
        await outlines;
        show(data, query);
        view.write();
        tell("");
      } catch (error) {
        if (error.name !== "AbortError") {
          loaded = undefined;
          tell("Les pôles n’ont pas pu être chargés. Vérifiez votre connexion, puis rechargez la page.");
        }
      } finally {
        if (pending === request) {
          section.removeAttribute("aria-busy");
        }
      }
    }

    const outlines = carte
      .fetchJson(settings.regions)
      .then((collection) => {
        layers.addRegions(collection);
        overseas.drawMiniatures(collection);
      })
      .catch(() => {});

    load();
    layers.addTiles();

    find("zoom-in").addEventListener("click", () => map.zoomIn(1, { animate: !calm }));
    find("zoom-out").addEventListener("click", () => map.zoomOut(1, { animate: !calm }));
    for (const button of section.querySelectorAll("[data-map-reset]")) {
      button.addEventListener("click", () => {
        view.refit();
        find("elsewhere").hidden = true;
      });
    }
    carte.nearMe(find("near"), tell, { own: !settings.query, mapUrl: settings.mapUrl });
    carte.fullScreen(find("whole"), live, tell);
    carte.printing(find("print"), live, map, view);
    carte.keepView(section, view);
    carte.followList(section, { poles, layers });
    find("legend").open = canvas.clientWidth > ROOMY && !("integration" in settings);

    document.addEventListener("htmx:afterSettle", load);
    document.addEventListener("filters:changed", load);
    window.addEventListener("popstate", () => {
      view.restore();
      load();
    });
    new ResizeObserver(() => canvas.clientWidth && view.resized()).observe(canvas);
  }

  const section = document.querySelector("[data-map]");
  if (section && window.L && L.markerClusterGroup) {
    // Some layouts have no room for the map until the window is widened.
    const awaited = new ResizeObserver(() => {
      if (section.clientWidth) {
        awaited.disconnect();
        start(section);
      }
    });
    if (section.clientWidth) {
      start(section);
    } else {
      awaited.observe(section);
    }
  }
})((window.ptceMap = window.ptceMap || {}));
