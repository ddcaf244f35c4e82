"""The poles around a pole."""

from dataclasses import dataclass
from math import cos, radians

from django.db.models import Case, F, IntegerField, Value, When

from catalogue.models import PoleIndex, Precision
from catalogue.places import KM_A_DEGREE, Point, with_distance
from directory.queries.first import BY_NAME, NEAREST_FIRST, first_rows

NEIGHBOURS = 6
AROUND_KM = 100


@dataclass(frozen=True)
class Neighbours:
    """``measured``: of a known place, the nearest first; otherwise some of the same région."""

    rows: list[PoleIndex]
    measured: bool


def neighbours_of(index: PoleIndex) -> Neighbours:
    """One statement; none where not even the région is known."""
    others = PoleIndex.objects.exclude(pole_id=index.pole_id)
    if (
        index.latitude is not None
        and index.longitude is not None
        and index.precision is not None
        and index.precision <= Precision.COMMUNE
    ):
        here = Point(index.latitude, index.longitude, index.place)
        width = AROUND_KM / KM_A_DEGREE / cos(radians(here.latitude))
        near = with_distance(
            # Two comparisons spare most rows the great circle.
            others.filter(longitude__range=(here.longitude - width, here.longitude + width)),
            here,
        ).filter(here.within(AROUND_KM))
        return Neighbours(first_rows(near, NEAREST_FIRST, NEIGHBOURS), measured=True)
    if not index.region:
        return Neighbours([], measured=False)
    # Those of the same département are likely the nearest, when there is one.
    same = Case(
        When(departement=index.departement or "–", then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = others.filter(region=index.region).annotate(elsewhere=same)
    return Neighbours(first_rows(rows, (F("elsewhere"), *BY_NAME), NEIGHBOURS), measured=False)
