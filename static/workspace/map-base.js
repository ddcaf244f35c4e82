// The map that the workspace's sections share: outlines that the site serves, and tiles if it can.
const FRANCE = [
  [41.3, -5.2],
  [51.1, 9.6],
];

export async function outlines(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

export function makeMap(canvas, { tilesUrl, tilesAttribution }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = window.L.map(canvas, {
    attributionControl: false,
    fadeAnimation: !calm,
    keyboard: false,
    maxZoom: 18,
    minZoom: 4,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    zoomControl: false,
  });
  window.L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
  const credits = window.L.control.attribution({ prefix: false }).addTo(map);
  credits.addAttribution("Contours : Natural Earth");
  if (tilesUrl) {
    window.L.tileLayer(tilesUrl, { maxNativeZoom: 18, attribution: tilesAttribution }).addTo(map);
  }
  map.fitBounds(FRANCE, { animate: false });
  return map;
}
