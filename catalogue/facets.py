"""The counts beside each value of a filter, as the other filters leave them."""

from dataclasses import dataclass

from django.db import connection

from catalogue.fields import NOT_GIVEN
from catalogue.filters import PoleFilterSet

FACETS = (
    "region",
    "departement",
    "theme",
    "maturite",
    "membre",
    "appel",
    "article9",
    "reconnaissance",
)
# Nearly every pole has its own set of themes: they are taken out of the sets before counting. Of
# the other facets many poles share a value or a set of values, which is quicker counted whole.
_SPREAD = {"theme"}
_TOTAL = "total"

# Each tells the facet's place in FACETS (-1: the total), a value or a set of values, and how many
# poles. Only names of this module are written into them.
_TOGETHER = """
    SELECT CASE WHEN false THEN 0 {numbers} ELSE -1 END,
        CASE WHEN false THEN '{{}}'::text[] {values} END,
        count(*)
    FROM {table} GROUP BY GROUPING SETS ({sets})
"""
_ALONE = "SELECT {number}, {value}, count(*) FROM {table} GROUP BY {name}"
_SPREAD_ALONE = """
    SELECT {number}, ARRAY[value], count(*)
    FROM (SELECT unnest({name}) AS value FROM {table}) AS spread GROUP BY value
    UNION ALL SELECT {number}, '{{}}', count(*) FROM {table} WHERE {name} = '{{}}'
"""
_Select = tuple[str, tuple]


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


def _answering(asked: PoleFilterSet, names: list[str], without: str = "") -> _Select:
    """The poles that answer, as a table whose columns are called as the facets are."""
    columns = [asked.filters[name].column for name in names]
    sql, parameters = asked.rows(without=without).values_list(*columns).query.sql_with_params()
    return f"({sql}) AS answering ({', '.join(names)})", parameters


def _as_set(asked: PoleFilterSet, name: str) -> str:
    return name if asked.filters[name].many else f"ARRAY[{name}]"


def _together(asked: PoleFilterSet, names: list[str]) -> _Select:
    """The total, and the facets whose filter is not in use: the same poles, read once for all."""
    table, parameters = _answering(asked, names or ["region"])
    numbers = "".join(f" WHEN GROUPING({name}) = 0 THEN {FACETS.index(name)}" for name in names)
    values = "".join(f" WHEN GROUPING({name}) = 0 THEN {_as_set(asked, name)}" for name in names)
    sets = ", ".join(f"({name})" for name in ("", *names))
    sql = _TOGETHER.format(table=table, numbers=numbers, values=values, sets=sets)
    return sql, parameters


def _alone(asked: PoleFilterSet, name: str) -> _Select:
    """A facet as the other filters leave it."""
    table, parameters = _answering(asked, [name], without=name)
    select = _SPREAD_ALONE if name in _SPREAD else _ALONE
    sql = select.format(
        table=table, name=name, number=FACETS.index(name), value=_as_set(asked, name)
    )
    return sql, parameters * select.count("{table}")


def count(asked: PoleFilterSet) -> Counted:
    """The total and every facet of the poles that answer ``asked``."""
    together = [name for name in FACETS if name not in asked.values and name not in _SPREAD]
    selects = [_together(asked, together)]
    selects += [_alone(asked, name) for name in FACETS if name not in together]
    counted: dict[str, dict[str, int]] = {name: {} for name in (*FACETS, _TOTAL)}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in selects),
            [parameter for _, parameters in selects for parameter in parameters],
        )
        for number, values, n in cursor.fetchall():
            counts = counted[_TOTAL if number < 0 else FACETS[number]]
            for value in values or [""]:
                counts[value or NOT_GIVEN] = counts.get(value or NOT_GIVEN, 0) + n
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
