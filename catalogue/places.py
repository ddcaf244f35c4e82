"""Distances and territories, as filters use them."""

from dataclasses import dataclass

from django.db.models import FloatField, Func, Q, QuerySet

from catalogue.models import PoleIndex, Precision
from territories.models import Territory, TerritoryKind

KM_A_DEGREE = 111.2


class DistanceKm(Func):
    """Great-circle distance in kilometres from a point to the pole's place."""

    template = (
        "(2 * 6371.0 * asin(least(1, sqrt("
        "power(sin(radians(%(latitude)s - latitude) / 2), 2)"
        " + cos(radians(latitude)) * cos(radians(%(latitude)s))"
        " * power(sin(radians(%(longitude)s - longitude) / 2), 2)))))"
    )
    output_field = FloatField()

    def __init__(self, latitude: float, longitude: float) -> None:
        # Both are numbers already, never text that came with the address.
        super().__init__(latitude=repr(float(latitude)), longitude=repr(float(longitude)))


@dataclass(frozen=True)
class Point:
    """A place to measure from, and how it is called."""

    latitude: float
    longitude: float
    label: str

    def within(self, kilometres: float) -> Q:
        """The poles whose place is known to the commune at least, and lies so near."""
        degrees = kilometres / KM_A_DEGREE
        return Q(
            precision__lte=Precision.COMMUNE,
            latitude__range=(self.latitude - degrees, self.latitude + degrees),
            distance__lte=kilometres,
        )


def with_distance(rows: QuerySet[PoleIndex], point: Point | None) -> QuerySet[PoleIndex]:
    """The rows with ``distance`` in kilometres; null where the place is only approximate."""
    if point is None:
        return rows
    return rows.annotate(distance=DistanceKm(point.latitude, point.longitude))


def point_of(territory: Territory) -> Point | None:
    if territory.latitude is None or territory.longitude is None:
        return None
    return Point(float(territory.latitude), float(territory.longitude), territory.name)


def covering(territory: Territory) -> Q:
    """The poles that say they cover the territory, or have their seat in it."""
    keys = [f"{territory.kind}-{territory.code}"]
    parents = (territory.epci, territory.departement, territory.region)
    keys += [f"{parent.kind}-{parent.code}" for parent in parents if parent is not None]
    column = "commune" if territory.kind == TerritoryKind.COMMUNE else "epci"
    return Q(covered__overlap=keys) | Q(**{column: territory.code})


def commune_or_epci(kind: str, code: str) -> Territory | None:
    return (
        Territory.objects.select_related("epci", "departement", "region")
        .filter(kind=kind, code=code)
        .order_by("id")
        .first()
    )
