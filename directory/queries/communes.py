"""A commune as a mayor asks for it: by its name, old or new, and the poles around it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalogue.models import PoleIndex, Precision
from catalogue.places import commune_or_epci, covering, point_of, with_distance
from directory.queries.first import BY_NAME, NEAREST_FIRST, first_rows
from territories.models import Territory, TerritoryKind

SHOWN = 20


def commune_today(code: str) -> Territory | None:
    """The commune of this code, or the one that an old code resolves to."""
    commune = commune_or_epci(TerritoryKind.COMMUNE, code)
    return commune if commune is not None and commune.gone_on is None else None


@dataclass(frozen=True)
class Around:
    """The poles that matter to a commune; each list has one more than is shown, when there is."""

    covering: list[PoleIndex]
    near: list[PoleIndex]
    approximate: list[PoleIndex]


def poles_around(commune: Territory, kilometres: float) -> Around:
    """Those that cover it, those near it, those somewhere in its région; three statements."""
    point = point_of(commune)
    rows = PoleIndex.objects.order_by()
    covers = covering(commune)
    elsewhere = rows.exclude(covers)
    return Around(
        covering=first_rows(rows.filter(covers), BY_NAME, SHOWN + 1),
        near=first_rows(
            with_distance(elsewhere, point).filter(point.within(kilometres)),
            NEAREST_FIRST,
            SHOWN + 1,
        )
        if point is not None
        else [],
        approximate=first_rows(_approximate(elsewhere, commune), BY_NAME, SHOWN + 1),
    )


def _approximate(rows: QuerySet[PoleIndex], commune: Territory) -> QuerySet[PoleIndex]:
    departement, region = commune.departement, commune.region
    here = Q(departement=departement.code) if departement is not None else Q()
    if region is not None:
        here |= Q(departement="", region=region.code)
    return rows.filter(here, precision__gt=Precision.COMMUNE)
