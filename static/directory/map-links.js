// The view goes along with the filters: forms and links of the page carry it.
(function (carte) {
  "use strict";

  function samePlace(url) {
    return url.origin === location.origin && url.pathname === location.pathname;
  }

  function keepView(section, view) {
    const { mapUrl, poleUrl } = section.dataset;

    // Set when the link is about to be used, so that opening it in another tab keeps the view too.
    function refresh(event) {
      const link = event.target.closest && event.target.closest("a[href]");
      if (!link || section.contains(link) || link.getAttribute("href").startsWith("#")) {
        return;
      }
      const url = new URL(link.href, location.href);
      const shown = url.origin === location.origin && [mapUrl, poleUrl].includes(url.pathname);
      if (samePlace(url) || shown) {
        url.search = carte.withView(url.search, view.chosen());
        link.href = url.pathname + url.search + url.hash;
      }
    }
    for (const name of ["pointerdown", "focusin", "mouseover"]) {
      document.addEventListener(name, refresh);
    }

    document.addEventListener(
      "submit",
      (event) => {
        const form = event.target;
        if (form.method !== "get" || !samePlace(new URL(form.action, location.href))) {
          return;
        }
        let field = form.querySelector("input[name=vue]");
        if (!field && view.chosen()) {
          field = document.createElement("input");
          field.type = "hidden";
          field.name = "vue";
          form.append(field);
        }
        if (field) {
          field.value = view.chosen() || "";
          field.disabled = !view.chosen();
        }
      },
      true,
    );
  }

  // A card of the list, pointed at or focused, shows its pole on the map.
  function followList(section, { poles, layers }) {
    let region = null;

    function pointOut(id) {
      if (region) {
        layers.pointOut(region, false);
        region = null;
      }
      const pole = poles.highlight(id);
      if (pole && (layers.onlyRegions() || carte.isApproximate(pole))) {
        region = pole.r;
        layers.pointOut(region, true);
      }
    }

    for (const name of ["mouseover", "focusin"]) {
      document.addEventListener(name, (event) => {
        if (event.target.closest && !section.contains(event.target)) {
          const card = event.target.closest("[data-pole-id]");
          pointOut(card ? card.dataset.poleId : null);
        }
      });
    }
  }

  Object.assign(carte, { followList, keepView });
})((window.ptceMap = window.ptceMap || {}));
