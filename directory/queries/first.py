"""The first of many rows, without reading the poles of the others."""

from django.db.models import F, QuerySet

from catalogue.models import PoleIndex
from catalogue.results import with_poles
from catalogue.verdicts import verdict_today

BY_NAME = (F("name"), F("pole_id"))
NEAREST_FIRST = (F("distance"), F("name"), F("pole_id"))


def first_rows(rows: QuerySet[PoleIndex], order: tuple[F, ...], number: int) -> list[PoleIndex]:
    """The first rows with what a card shows of their poles, which are joined after the choice."""
    first = rows.order_by(*order)[:number].values("pole_id")
    chosen = rows.filter(pole_id__in=first).annotate(verdict_today=verdict_today())
    return list(with_poles(chosen).order_by(*order))
