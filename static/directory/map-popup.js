// The bubble of a pole, or the list of the poles that share one place.
(function (carte) {
  "use strict";

  const NARROW = 500;
  // What a bubble has around its text, and the air left on its sides.
  const MARGINS = 84;

  const VERDICTS = {
    s: "Composition satisfaite",
    n: "Composition non satisfaite",
    i: "Composition indéterminée",
  };
  const RECOGNITIONS = {
    reconnu: "reconnu",
    regularisation: "en régularisation",
    retire: "reconnaissance retirée",
  };

  function element(name, className, content) {
    const made = document.createElement(name);
    if (className) {
      made.className = className;
    }
    made.append(...[content].flat().filter(Boolean));
    return made;
  }

  function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  function createPopups(map, { poleUrl, framed, onOpen, onClose }) {
    let origin = null;

    function link(pole) {
      const made = element("a", "fr-link", pole.n);
      made.href = `${poleUrl}${encodeURIComponent(pole.s)}/`;
      if (framed) {
        made.target = "_blank";
        made.rel = "noopener";
        made.title = `${pole.n} – nouvelle fenêtre`;
      }
      return made;
    }

    function facts(pole) {
      const maturity = carte.MATURITIES[pole.m] || carte.MATURITIES["non-renseigne"];
      const vague = carte.isApproximate(pole);
      const place = capital(carte.placeWords(pole));
      return [
        element("p", vague ? "ptce-popup__vague" : "ptce-popup__fact", place),
        element("p", "ptce-popup__fact", [
          element("span", `ptce-sign ptce-pole--${pole.m}`),
          capital(maturity),
        ]),
        element("p", "ptce-popup__fact", VERDICTS[pole.v]),
        pole.k ? element("p", "ptce-popup__fact", `Registre\u00a0: ${RECOGNITIONS[pole.k]}`) : null,
      ];
    }

    function open(item, content, name, byKeyboard) {
      const latlng = item.getLatLng();
      origin = { item, byKeyboard, latlng };
      const icon = item.options.icon.options || {};
      const room = map.getSize().x;
      const popup = L.popup({
        className: "ptce-popup",
        offset: icon.popupAnchor || [0, -14],
        autoPanPaddingTopLeft: [room < NARROW ? 12 : 64, 16],
        autoPanPaddingBottomRight: [12, 16],
        maxHeight: 260,
        minWidth: Math.min(200, room - MARGINS),
        maxWidth: Math.min(320, room - MARGINS),
        autoPan: true,
      })
        .setLatLng(latlng)
        .setContent(content);
      popup.openOn(map);
      const box = popup.getElement();
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", name);
      const close = box.querySelector(".leaflet-popup-close-button");
      if (close) {
        close.setAttribute("aria-label", "Fermer");
        close.title = "Fermer";
      }
      if (byKeyboard) {
        box.querySelector("a.fr-link").focus({ preventScroll: true });
      }
      onOpen(item);
    }

    map.on("popupclose", () => {
      const from = origin;
      origin = null;
      if (from) {
        onClose(from);
      }
    });

    return {
      openPole(item, byKeyboard) {
        const title = element("p", "ptce-popup__title", link(item.pole));
        const content = element("div", "ptce-popup__body", [title, ...facts(item.pole)]);
        open(item, content, carte.poleName(item.pole), byKeyboard);
      },
      openGroup(item, poles, byKeyboard) {
        const sorted = [...poles].sort((one, other) => one.n.localeCompare(other.n, "fr"));
        const entries = sorted.map((pole) => element("li", "", [link(pole), ...facts(pole)]));
        const name = carte.groupName(poles);
        const content = element("div", "ptce-popup__body", [
          element("p", "ptce-popup__title", name),
          element("ul", "ptce-popup__list", entries),
        ]);
        open(item, content, name, byKeyboard);
      },
      isOpen: () => origin !== null,
      close: () => map.closePopup(),
    };
  }

  Object.assign(carte, { createPopups });
})((window.ptceMap = window.ptceMap || {}));
