"""Distances and territories, as filters use them."""

from dataclasses import dataclass

from django.db.models import F, FloatField, Func, Q, QuerySet, Value

from catalogue.models import PoleIndex, Precision
from territories.models import Territory, TerritoryKind

KM_A_DEGREE = 111.2


class DistanceKm(Func):
    """Great-circle distance in kilometres between two points, in degrees."""

    function = "catalogue_distance_km"
    arity = 4
    output_field = FloatField()


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
    return rows.annotate(
        distance=DistanceKm(
            Value(point.latitude, FloatField()),
            Value(point.longitude, FloatField()),
            F("latitude"),
            F("longitude"),
        )
    )


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
    """The territory of this code, or today's commune where an old code resolves to one."""
    territories = Territory.objects.select_related("epci", "departement", "region").order_by("id")
    found = territories.filter(kind=kind, code=code).first()
    if kind != TerritoryKind.COMMUNE or (found is not None and found.gone_on is None):
        return found
    return territories.filter(former_names__code=code).first() or found
