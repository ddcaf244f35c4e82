// The poles of the map: where they are asked for, and the words that name them.
(function (carte) {
  "use strict";

  const NBSP = "\u00a0";
  // What the address says of the page and not of the poles wanted.
  const NOT_FILTERS = ["vue", "page", "tri", "integration"];
  const FIRST_APPROXIMATE = 2;

  const MATURITIES = {
    projet: "en projet",
    emergent: "émergent",
    existant: "existant",
    sommeil: "en sommeil",
    clos: "clos",
    "non-renseigne": "maturité non renseignée",
  };

  const AREAS = { 2: "intercommunalité", 3: "département", 4: "région" };

  function filterQuery(search) {
    const wanted = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(search)) {
      if (value && !NOT_FILTERS.includes(name)) {
        wanted.append(name, value);
      }
    }
    return wanted.toString();
  }

  function dataUrl(base, query) {
    return query ? `${base}${base.includes("?") ? "&" : "?"}${query}` : base;
  }

  async function fetchJson(url, signal) {
    const response = await fetch(url, { signal });
    if (!response.ok) {
      throw new Error(`${response.status} ${url}`);
    }
    return response.json();
  }

  function isApproximate(pole) {
    return pole.a >= FIRST_APPROXIMATE;
  }

  function poles(count) {
    return count ? `${number(count)}${NBSP}pôle${count > 1 ? "s" : ""}` : "aucun pôle";
  }

  const french = new Intl.NumberFormat("fr-FR");

  function number(value) {
    return value < 1000 ? String(value) : french.format(value);
  }

  function placeWords(pole) {
    if (isApproximate(pole)) {
      return `localisation approximative${NBSP}: ${AREAS[pole.a] || "territoire"} ${pole.p}`;
    }
    return pole.p;
  }

  function poleName(pole) {
    return `${pole.n}, ${placeWords(pole)}, ${MATURITIES[pole.m] || MATURITIES["non-renseigne"]}`;
  }

  function withoutNumber(place) {
    return place.replace(/\s*\([^)]*\)$/, "");
  }

  function contracted(place, forms) {
    if (place.startsWith("Le ")) {
      return `${forms.le} ${place.slice(3)}`;
    }
    if (place.startsWith("Les ")) {
      return `${forms.les} ${place.slice(4)}`;
    }
    return /^[aeiouyàâéèêëîïôöùûüœæ]/i.test(place) && forms.vowel
      ? `${forms.vowel}${place}`
      : `${forms.plain} ${place}`;
  }

  const around = (place) =>
    contracted(place, { le: "autour du", les: "autour des", vowel: "autour d’", plain: "autour de" });
  const at = (place) => contracted(place, { le: "au", les: "aux", plain: "à" });

  function mostFrequent(values) {
    const counts = new Map();
    let best = "";
    for (const value of values) {
      counts.set(value, (counts.get(value) || 0) + 1);
      if (!best || counts.get(value) > counts.get(best)) {
        best = value;
      }
    }
    return { value: best, alone: counts.size === 1 };
  }

  function groupName(group) {
    const size = `Groupe de ${poles(group.length)}`;
    const located = group.filter((pole) => !isApproximate(pole));
    if (!located.length) {
      const area = mostFrequent(group.map((pole) => pole.p));
      const others = area.alone ? "" : " et alentours";
      return `${size} à localisation approximative${NBSP}: ${area.value}${others}`;
    }
    const place = mostFrequent(located.map((pole) => pole.p));
    const town = withoutNumber(place.value);
    const vague = group.length - located.length;
    const where = place.alone && !vague ? at(town) : around(town);
    return `${size} ${where}${vague ? `, dont ${number(vague)} à localisation approximative` : ""}`;
  }

  function countByRegion(features) {
    const counts = new Map();
    for (const { properties } of features) {
      counts.set(properties.r, (counts.get(properties.r) || 0) + 1);
    }
    return counts;
  }

  function summary(features) {
    const vague = features.filter((feature) => isApproximate(feature.properties)).length;
    const nowhere = features.filter((feature) => !feature.geometry).length;
    const parts = [poles(features.length).replace(/^a/, "A")];
    if (vague) {
      parts.push(`dont ${number(vague)} à localisation approximative`);
    }
    if (nowhere) {
      parts.push(`${number(nowhere)} sans lieu connu, absent${nowhere > 1 ? "s" : ""} de la carte`);
    }
    return `${parts.join(", ")}.`;
  }

  Object.assign(carte, {
    MATURITIES,
    NBSP,
    countByRegion,
    dataUrl,
    fetchJson,
    filterQuery,
    groupName,
    isApproximate,
    number,
    placeWords,
    poleName,
    poles,
    summary,
  });
})((window.ptceMap = window.ptceMap || {}));
