// The buttons around the map: near me, whole screen, print.
(function (carte) {
  "use strict";

  const DEFAULT_RADIUS = "50";
  const PATIENCE = 15000;
  const PRINT_WIDTH = 680;
  const REFUSALS = {
    1: "Votre navigateur a refusé de donner votre position. Autorisez la localisation pour ce site dans ses réglages, ou saisissez votre commune dans la recherche.",
    2: "Votre position n’a pas pu être trouvée. Saisissez votre commune dans la recherche.",
    3: "La recherche de votre position a pris trop de temps. Réessayez, ou saisissez votre commune dans la recherche.",
  };

  // "own": whether this page's address holds the filters; a région's page is left for the map's.
  function nearMe(button, say, { own, mapUrl }) {
    if (!button) {
      return;
    }
    button.addEventListener("click", () => {
      if (!navigator.geolocation) {
        say(REFUSALS[2]);
        return;
      }
      say("Recherche de votre position…");
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const wanted = new URLSearchParams(own ? location.search : "");
          for (const name of ["vue", "page", "pres"]) {
            wanted.delete(name);
          }
          // A hundred metres are near enough, and the address may be shared.
          wanted.set("lat", coords.latitude.toFixed(3));
          wanted.set("lon", coords.longitude.toFixed(3));
          if (!wanted.get("rayon")) {
            wanted.set("rayon", DEFAULT_RADIUS);
          }
          location.assign(`${own ? location.pathname : mapUrl}?${wanted}`);
        },
        (error) => {
          button.removeAttribute("aria-busy");
          say(REFUSALS[error.code] || REFUSALS[2]);
        },
        { timeout: PATIENCE, maximumAge: 60000 },
      );
    });
  }

  function fullScreen(button, box, say) {
    if (!button) {
      return;
    }
    button.hidden = !document.fullscreenEnabled;
    button.addEventListener("click", async () => {
      try {
        if (document.fullscreenElement) {
          await document.exitFullscreen();
        } else {
          await box.requestFullscreen();
        }
      } catch {
        say("Le plein écran n’est pas permis ici.");
      }
    });
    document.addEventListener("fullscreenchange", () => {
      const whole = document.fullscreenElement === box;
      button.textContent = whole ? "Quitter le plein écran" : "Plein écran";
    });
  }

  // Leaflet draws for the size of the screen: the paper's is set before the page is printed.
  function printing(button, box, map, view) {
    let before = null;
    if (button) {
      button.addEventListener("click", () => window.print());
    }
    window.addEventListener("beforeprint", () => {
      const legend = box.querySelector("details");
      before = { bounds: map.getBounds(), legend: legend && legend.open };
      if (legend) {
        legend.open = true;
      }
      map.getContainer().style.width = `${PRINT_WIDTH}px`;
      view.quietly(() => {
        map.invalidateSize({ animate: false, pan: false });
        map.fitBounds(before.bounds, { animate: false });
      });
    });
    window.addEventListener("afterprint", () => {
      if (before) {
        const legend = box.querySelector("details");
        if (legend) {
          legend.open = before.legend;
        }
        map.getContainer().style.width = "";
        view.quietly(() => {
          map.invalidateSize({ animate: false, pan: false });
          map.fitBounds(before.bounds, { animate: false });
        });
        before = null;
      }
    });
  }

  // The circle that "near me" or "near a commune" searched in.
  function createNear(map) {
    const layer = L.layerGroup().addTo(map);
    return {
      show(near) {
        layer.clearLayers();
        if (!near) {
          return null;
        }
        const centre = [near.lat, near.lon];
        const circle = L.circle(centre, {
          radius: near.km * 1000,
          interactive: false,
          className: "ptce-near",
        }).addTo(layer);
        L.circleMarker(centre, {
          radius: 5,
          interactive: false,
          className: "ptce-near-centre",
        }).addTo(layer);
        return circle.getBounds();
      },
    };
  }

  Object.assign(carte, { createNear, fullScreen, nearMe, printing });
})((window.ptceMap = window.ptceMap || {}));
