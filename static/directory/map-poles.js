// Markers and clusters: a shape for the precision of the place, a sign for the maturity.
(function (carte) {
  "use strict";

  const SAME_PLACE = 0.0004;
  const MOST_SPREAD = 20;
  const itemOfElement = new WeakMap();
  // The map is a single tab stop: its keys go from one marker to the next.
  L.MarkerCluster.mergeOptions({ keyboard: false });

  function nameElement(element, name, item) {
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    element.tabIndex = -1;
    itemOfElement.set(element, item);
  }

  const optionsByLook = new Map();

  // One icon for each look, and no option copied: ten thousand markers must be cheap.
  function optionsFor(pole) {
    const look = `${pole.m}/${carte.isApproximate(pole)}`;
    if (!optionsByLook.has(look)) {
      const approximate = carte.isApproximate(pole);
      const shape = approximate ? "ptce-pole--approche" : "ptce-pole--precis";
      const size = approximate ? 32 : 28;
      const icon = L.divIcon({
        html: "",
        className: `ptce-pole ${shape} ptce-pole--${pole.m}`,
        iconSize: [size, size],
        iconAnchor: approximate ? [size / 2, size / 2] : [size / 2, size + 5],
        popupAnchor: [0, approximate ? -size / 2 : -size],
        tooltipAnchor: [0, approximate ? -size / 2 : -size - 4],
      });
      const shared = Object.create(L.Marker.prototype.options);
      optionsByLook.set(look, Object.assign(shared, { icon, keyboard: false, riseOnHover: true }));
    }
    return Object.create(optionsByLook.get(look));
  }

  const PoleMarker = L.Marker.extend({
    initialize(latlng, pole) {
      this._latlng = latlng;
      this.pole = pole;
      this.options = optionsFor(pole);
    },
    _initIcon() {
      L.Marker.prototype._initIcon.call(this);
      nameElement(this._icon, carte.poleName(this.pole), this);
    },
  });

  const ClusterIcon = L.DivIcon.extend({
    createIcon(previous) {
      const element = L.DivIcon.prototype.createIcon.call(this, previous);
      nameElement(element, this.options.name, this.options.cluster);
      return element;
    },
  });

  function polesOf(cluster) {
    return cluster.getAllChildMarkers().map((marker) => marker.pole);
  }

  function clusterIcon(cluster) {
    const group = polesOf(cluster);
    const count = group.length;
    const size = count < 10 ? 34 : count < 100 ? 40 : count < 1000 ? 48 : 56;
    const vague = group.every(carte.isApproximate) ? " ptce-cluster--approche" : "";
    return new ClusterIcon({
      cluster,
      name: carte.groupName(group),
      html: `<span aria-hidden="true">${carte.number(count)}</span>`,
      className: `ptce-cluster${vague}`,
      iconSize: [size, size],
    });
  }

  function inOnePlace(cluster) {
    const bounds = cluster.getBounds();
    return (
      bounds.getNorth() - bounds.getSouth() < SAME_PLACE &&
      bounds.getEast() - bounds.getWest() < SAME_PLACE
    );
  }

  function createPoles(map, { calm, popups }) {
    const group = L.markerClusterGroup({
      chunkedLoading: true,
      chunkInterval: 120,
      chunkDelay: 4,
      maxClusterRadius: 60,
      animate: !calm,
      showCoverageOnHover: false,
      zoomToBoundsOnClick: false,
      spiderfyOnMaxZoom: false,
      spiderLegPolylineOptions: { className: "ptce-leg", weight: 1.5 },
      iconCreateFunction: clusterIcon,
    });
    group.addTo(map);

    let markers = new Map();
    let highlighted = null;
    let tooltip = null;

    function show(features) {
      markers = new Map();
      const added = [];
      for (const { geometry, properties } of features) {
        if (geometry) {
          const [lon, lat] = geometry.coordinates;
          const marker = new PoleMarker(new L.LatLng(lat, lon), properties);
          markers.set(String(properties.id), marker);
          added.push(marker);
        }
      }
      group.clearLayers();
      group.addLayers(added, true);
    }

    function openItem(item, byKeyboard) {
      hideName();
      if (item.pole) {
        popups.openPole(item, byKeyboard);
      } else if (!inOnePlace(item) && map.getZoom() < map.getMaxZoom()) {
        item.zoomToBounds({ padding: [40, 40], animate: !calm });
      } else if (byKeyboard || item.getChildCount() > MOST_SPREAD) {
        popups.openGroup(item, polesOf(item), byKeyboard);
      } else {
        item.spiderfy();
      }
    }

    function showName(item, element) {
      hideName();
      const anchor = item.pole
        ? item.options.icon.options.tooltipAnchor
        : [0, -element.offsetHeight / 2 - 6];
      tooltip = L.tooltip({ className: "ptce-tooltip", direction: "top", offset: anchor, opacity: 1 })
        .setLatLng(item.getLatLng())
        .setContent(document.createTextNode(element.getAttribute("aria-label")))
        .addTo(map);
    }

    function hideName() {
      if (tooltip) {
        tooltip.remove();
        tooltip = null;
      }
    }

    function highlight(id) {
      if (highlighted) {
        highlighted.classList.remove("is-highlighted");
        highlighted = null;
      }
      const marker = id && markers.get(String(id));
      const visible = marker && group.getVisibleParent(marker);
      const element = visible && visible.getElement();
      if (element) {
        element.classList.add("is-highlighted");
        highlighted = element;
      }
      return marker ? marker.pole : null;
    }

    group.on("click clusterclick", (event) => openItem(event.layer, false));
    group.on("mouseover clustermouseover", (event) => {
      const element = event.layer.getElement();
      if (element) {
        showName(event.layer, element);
      }
    });
    group.on("mouseout clustermouseout", hideName);
    map.on("zoomstart", hideName);

    return { group, show, openItem, showName, hideName, highlight, polesOf };
  }

  Object.assign(carte, {
    createPoles,
    itemOf: (element) => itemOfElement.get(element),
    nameElement,
  });
})((window.ptceMap = window.ptceMap || {}));
