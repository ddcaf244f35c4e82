"""The poles around a pole."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, F, Value, When

from catalogue.models import PoleIndex, Precision
from catalogue.places import Point, with_distance

NEIGHBOURS = 6
AROUND_KM = 100


@dataclass(frozen=True)
class Neighbours:
    """``measured``: of a known place, the nearest first; otherwise some of the same région."""

    rows: list[PoleIndex]
    measured: bool


def neighbours_of(index: PoleIndex) -> Neighbours:
    """One statement; none where not even the région is known."""
    others = PoleIndex.objects.exclude(pole_id=index.pole_id).select_related("pole")
    if (
        index.latitude is not None
        and index.longitude is not None
        and index.precision is not None
        and index.precision <= Precision.COMMUNE
    ):
        here = Point(index.latitude, index.longitude, index.place)
        near = with_distance(others, here).filter(here.within(AROUND_KM))
        return Neighbours(list(near.order_by(F("distance"), "name", "pole_id")[:NEIGHBOURS]), True)
    if not index.region:
        return Neighbours([], measured=False)
    # Those of the same département are likely the nearest, when there is one.
    same = Case(
        When(departement=index.departement or "–", then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    rows = others.filter(region=index.region).order_by(same.desc(), "name", "pole_id")
    return Neighbours(list(rows[:NEIGHBOURS]), measured=False)
