"""A région drawn on the server with its départements: where a pole is, or how many they are."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from catalogue.models import Precision
from catalogue.reference import reference

Ring = list[tuple[float, float]]

SIZE, MARGIN = 400, 8
KM_A_DEGREE = 111.2
# An intercommunalité is drawn as a circle of this radius: wide enough to promise no address.
EPCI_RADIUS_KM = 12


@dataclass(frozen=True)
class Outline:
    """A département of the drawing, and where its number is written."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    west: float
    north: float
    shrink: float
    scale: float
    width: int
    height: int
    outlines: tuple[Outline, ...]

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    def place(self, latitude: float, longitude: float) -> tuple[int, int]:
        return (
            round(MARGIN + (longitude - self.west) * self.shrink * self.scale),
            round(MARGIN + (self.north - latitude) * self.scale),
        )


@cache
def _geometries() -> dict[str, list[Ring]]:
    path = settings.BASE_DIR / "static" / "outlines" / "departements.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {each["properties"]["code"]: _rings(each["geometry"]) for each in features}


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    shapes = geometry["coordinates"]
    polygons = [shapes] if geometry["type"] == "Polygon" else shapes
    return [[(lon, lat) for lon, lat in polygon[0]] for polygon in polygons]


@cache
def draw(departements: tuple[str, ...]) -> Drawing | None:
    """The départements side by side in a box; None where no outline is known."""
    known = {code: _geometries()[code] for code in departements if code in _geometries()}
    points = [point for rings in known.values() for ring in rings for point in ring]
    if not points:
        return None
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    shrink = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide, tall = (max(lons) - min(lons)) * shrink, max(lats) - min(lats)
    scale = (SIZE - 2 * MARGIN) / max(wide, tall)
    drawing = Drawing(
        min(lons),
        max(lats),
        shrink,
        scale,
        round(wide * scale) + 2 * MARGIN,
        round(tall * scale) + 2 * MARGIN,
        (),
    )
    outlines = tuple(_outline(drawing, code, rings) for code, rings in known.items())
    return Drawing(**{**drawing.__dict__, "outlines": outlines})


def _outline(drawing: Drawing, code: str, rings: list[Ring]) -> Outline:
    placed = [[drawing.place(lat, lon) for lon, lat in ring] for ring in rings]
    x, y = max((_area_and_middle(ring) for ring in placed), key=lambda each: each[0])[1]
    path = "".join("M" + "L".join(f"{x} {y}" for x, y in _spare(ring)) + "z" for ring in placed)
    return Outline(code, path, x, y)


def _spare(ring: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        point for point, before in zip(ring, [None, *ring[:-1]], strict=True) if point != before
    ]


def _area_and_middle(ring: list[tuple[int, int]]) -> tuple[float, tuple[int, int]]:
    area = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = ax * by - bx * ay
        area += cross / 2
        x += (ax + bx) * cross / 6
        y += (ay + by) * cross / 6
    return (abs(area), (round(x / area), round(y / area))) if area else (0.0, ring[0])


def _of_region(region: str) -> Drawing | None:
    codes = (place.code for place in reference().departements.values() if place.region == region)
    return draw(tuple(sorted(codes)))


def situation(
    region: str,
    departement: str,
    latitude: float | None,
    longitude: float | None,
    precision: int | None,
) -> dict[str, object] | None:
    """What ``place/_situation.html`` needs: a point only where one is known."""
    drawing = _of_region(region)
    if drawing is None or precision is None:
        return None
    point = radius = None
    if latitude is not None and longitude is not None and precision <= Precision.EPCI:
        point = drawing.place(latitude, longitude)
        if precision == Precision.EPCI:
            radius = round(EPCI_RADIUS_KM / KM_A_DEGREE * drawing.scale)
    return {
        "view_box": drawing.view_box,
        "outlines": [
            {"path": each.path, "here": precision == Precision.REGION or each.code == departement}
            for each in drawing.outlines
        ],
        "point": point,
        "radius": radius,
    }


def counted(region: str, counts: Mapping[str, int], here: str = "") -> dict[str, object] | None:
    """What ``place/_departements_map.html`` needs: the départements with their numbers of poles."""
    drawing = _of_region(region)
    if drawing is None:
        return None
    names = reference().departements
    return {
        "view_box": drawing.view_box,
        "departements": [
            {
                "place": names[each.code],
                "path": each.path,
                "x": each.x,
                "y": each.y,
                "count": counts.get(each.code, 0),
                "here": each.code == here,
            }
            for each in drawing.outlines
        ],
    }
