"""The map of the regions drawn on the server: what a page shows without JavaScript."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

Point = tuple[float, float]
Ring = list[tuple[int, int]]

# Grid of the drawing: one unit is somewhat less than three kilometres. Shared borders fall on the
# same units whichever region they are drawn for, so that no gap opens between neighbours.
WIDTH = 420
INSET_WIDTH, INSET_HEIGHT, INSET_GAP = 77, 70, 8
CAPTION_HEIGHT = 22
STEPS = 5

OVERSEAS = ("01", "02", "03", "04", "06")


@dataclass(frozen=True)
class RegionCount:
    code: str
    name: str
    url: str
    count: int


@dataclass(frozen=True)
class Shape:
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Outlines:
    shapes: dict[str, Shape]
    height: int
    inset_top: int


def _lambert(lon: float, lat: float) -> Point:
    """Conformal conic with the parallels of the French grid, on a sphere of radius one."""
    first, second, origin = math.radians(44), math.radians(49), math.radians(46.5)
    half = [math.tan(math.pi / 4 + angle / 2) for angle in (first, second, origin)]
    n = math.log(math.cos(first) / math.cos(second)) / math.log(half[1] / half[0])
    f = math.cos(first) * half[0] ** n / n
    rho = f / math.tan(math.pi / 4 + math.radians(lat) / 2) ** n
    theta = n * math.radians(lon - 3)
    return rho * math.sin(theta), f / half[2] ** n - rho * math.cos(theta)


def _flat(middle: float) -> Callable[[float, float], Point]:
    shrink = math.cos(math.radians(middle))
    return lambda lon, lat: (lon * shrink, lat)


def _rings(geometry: dict) -> list[list[list[float]]]:
    """The outer ring of each polygon: at this scale no region has a hole."""
    polygons = geometry["coordinates"]
    return [polygons[0]] if geometry["type"] == "Polygon" else [polygon[0] for polygon in polygons]


def _tidy(points: Iterable[tuple[int, int]]) -> Ring:
    """Drops the points that repeat or lie on the line between their neighbours."""
    kept: Ring = []
    for x, y in points:
        if kept and kept[-1] == (x, y):
            continue
        if len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            if (bx - ax) * (y - ay) == (by - ay) * (x - ax):
                kept.pop()
        kept.append((x, y))
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def _area_and_middle(ring: Ring) -> tuple[float, float, float]:
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        area += cross / 2
        x += (ax + bx) * cross / 6
        y += (ay + by) * cross / 6
    return (abs(area), x / area, y / area) if area else (0.0, float(ring[0][0]), float(ring[0][1]))


def _path(rings: list[Ring]) -> str:
    parts = []
    for ring in rings:
        (x, y), text = ring[0], ""
        for bx, by in ring[1:]:
            dx, dy, x, y = bx - x, by - y, bx, by
            text += f"{' ' if text and dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}"
        parts.append(f"M{ring[0][0]} {ring[0][1]}l{text}z")
    return "".join(parts)


def _shape(rings: list[Ring]) -> Shape:
    measured = sorted(((_area_and_middle(ring), ring) for ring in rings), reverse=True)
    # Islets smaller than a unit would weigh more than they show.
    visible = [ring for (area, _, _), ring in measured if area >= 1] or [measured[0][1]]
    _, x, y = measured[0][0]
    return Shape(_path(visible), round(x), round(y))


def _fit(
    geometries: dict[str, list[list[Point]]], left: float, top: float, width: float, height: float
) -> tuple[dict[str, list[Ring]], float]:
    """Places projected rings in a box, keeping their proportions; tells the height used."""
    xs = [x for rings in geometries.values() for ring in rings for x, _ in ring]
    ys = [y for rings in geometries.values() for ring in rings for _, y in ring]
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(width / wide, height / tall)
    x0 = left + (width - wide * scale) / 2 - min(xs) * scale
    y0 = top + max(ys) * scale
    if math.isfinite(height):
        y0 += (height - tall * scale) / 2
    placed = {
        code: [
            ring
            for points in rings
            if len(ring := _tidy((round(x0 + x * scale), round(y0 - y * scale)) for x, y in points))
            > 2
        ]
        for code, rings in geometries.items()
    }
    return placed, tall * scale


def _project(geometry: dict, projection: Callable[[float, float], Point]) -> list[list[Point]]:
    return [[projection(lon, lat) for lon, lat in ring] for ring in _rings(geometry)]


@cache
def outlines() -> Outlines:
    path = settings.BASE_DIR / "static" / "outlines" / "regions.geojson"
    geometries = {
        feature["properties"]["code"]: feature["geometry"]
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    mainland = {
        code: _project(geometry, _lambert)
        for code, geometry in geometries.items()
        if code not in OVERSEAS
    }
    placed, height = _fit(mainland, 2, 2, WIDTH - 4, math.inf)
    inset_top = round(height) + 14
    for rank, code in enumerate(OVERSEAS):
        lats = [lat for ring in _rings(geometries[code]) for _, lat in ring]
        left = rank * (INSET_WIDTH + INSET_GAP)
        box = (left + 8, inset_top + 8, INSET_WIDTH - 16, INSET_HEIGHT - 16)
        middle = (min(lats) + max(lats)) / 2
        placed |= _fit({code: _project(geometries[code], _flat(middle))}, *box)[0]
    shapes = {code: _shape(rings) for code, rings in placed.items() if rings}
    return Outlines(shapes, inset_top + INSET_HEIGHT + CAPTION_HEIGHT, inset_top)


def step_of(count: int, most: int) -> int:
    """The class of a count among five equal shares of the greatest; none is a class of its own.

    static/directory/map-layers.js shares the counts in the same way.
    """
    return math.ceil(count * STEPS / most) if count > 0 and most > 0 else 0


def step_labels(most: int) -> list[dict[str, object]]:
    labels = []
    for step in range(1, STEPS + 1):
        low, high = (step - 1) * most // STEPS + 1, step * most // STEPS
        if low <= high:
            labels.append({"step": step, "label": str(low) if low == high else f"{low} à {high}"})
    return labels


def poles_in_words(count: int) -> str:
    if not count:
        return "aucun pôle"
    return f"{count} pôle{'s' if count > 1 else ''}"


def drawn_map(regions: Iterable[RegionCount]) -> dict[str, object]:
    """What ``directory/_drawn_map.html`` needs, from the regions with their counts."""
    drawing = outlines()
    known = [region for region in regions if region.code in drawing.shapes]
    most = max((region.count for region in known), default=0)
    mainland, insets = [], []
    for region in known:
        shape = drawing.shapes[region.code]
        entry: dict[str, object] = {
            "code": region.code,
            "name": region.name,
            "url": region.url,
            "count": region.count,
            "label": f"{region.name}\u00a0: {poles_in_words(region.count)}",
            "step": step_of(region.count, most),
            "path": shape.path,
            "x": shape.x,
            "y": shape.y,
        }
        if region.code not in OVERSEAS:
            mainland.append(entry)
            continue
        left = OVERSEAS.index(region.code) * (INSET_WIDTH + INSET_GAP)
        insets.append(
            entry
            | {
                "left": left,
                "top": drawing.inset_top,
                "width": INSET_WIDTH,
                "height": INSET_HEIGHT,
                "middle": left + INSET_WIDTH // 2,
                "caption": drawing.inset_top + INSET_HEIGHT + 15,
            }
        )
    return {
        "view_box": f"0 0 {WIDTH} {drawing.height}",
        "regions": mainland,
        "insets": insets,
        "steps": step_labels(most),
        "empty": any(not region.count for region in known),
    }
