"""The counts beside each value of a filter, as the other filters leave them."""

from dataclasses import dataclass

from django.db.models import Count, F, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable

from catalogue.fields import NOT_GIVEN
from catalogue.filters import PoleFilterSet
from catalogue.models import PoleIndex

FACETS = ("region", "departement", "theme", "maturite", "membre", "appel")
_TOTAL = "total"


class _Unnest(Func):
    function = "unnest"
    set_returning = True
    output_field = TextField()


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[FacetValue]

    @property
    def chosen(self) -> list[FacetValue]:
        return [value for value in self.values if value.chosen]


@dataclass(frozen=True)
class Counted:
    """How many poles answer, and the facets; one statement."""

    total: int
    facets: list[Facet]
    by_region: dict[str, int]


def _counts(rows: QuerySet[PoleIndex], name: str, value: Combinable) -> QuerySet:
    return (
        rows.annotate(facet=Value(name), value=value)
        .values("facet", "value")
        .annotate(n=Count("*"))
        .values_list("facet", "value", "n")
    )


def count(asked: PoleFilterSet) -> Counted:
    """The total and every facet of the poles that answer ``asked``."""
    nothing = Value("", output_field=TextField())
    branches = [_counts(asked.rows(), _TOTAL, nothing)]
    for name in FACETS:
        each = asked.filters[name]
        rows = asked.rows(without=name)
        if each.many:
            branches.append(_counts(rows, name, _Unnest(F(each.column))))
            branches.append(_counts(rows.filter(**{each.column: []}), name, nothing))
        else:
            branches.append(_counts(rows, name, F(each.column)))
    counted: dict[str, dict[str, int]] = {name: {} for name in (_TOTAL, *FACETS)}
    for name, value, n in branches[0].union(*branches[1:], all=True):
        counted[name][value or NOT_GIVEN] = n
    return Counted(
        total=counted[_TOTAL].get(NOT_GIVEN, 0),
        facets=[_facet(asked, name, counted[name]) for name in FACETS],
        by_region={code: n for code, n in counted["region"].items() if code != NOT_GIVEN},
    )


def _facet(asked: PoleFilterSet, name: str, counts: dict[str, int]) -> Facet:
    chosen = asked.values.get(name, [])
    choices = asked.filters[name].field.known()
    values = [
        FacetValue(value, label, counts.get(value, 0), value in chosen)
        for value, label in choices
        if counts.get(value, 0) or value in chosen
    ]
    return Facet(name, str(asked.filters[name].label), values)
