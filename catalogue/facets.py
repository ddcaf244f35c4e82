"""The counts beside each value of a filter, as the other filters leave them."""

from dataclasses import dataclass

from catalogue.bitmaps import bitmaps
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
    """How many poles answer, and the facets."""

    total: int
    facets: list[Facet]
    by_region: dict[str, int]


def count(asked: PoleFilterSet) -> Counted:
    """The total and every facet of the poles that answer ``asked``.

    No statement for what is chosen among values; one for a place or a search that was not made yet.
    """
    held = bitmaps()
    answering = {name: held.of_values(name, values) for name, values in asked.values.items()}
    if asked.found is not None:
        answering["q"] = held.of_poles(asked.found.ids)
    somewhere = asked.at_a_place()
    if somewhere is not None:
        answering["place"] = held.of_poles(somewhere.values_list("pole_id", flat=True))
    counts = {name: held.counts(name, _all_but(name, answering, held.everyone)) for name in FACETS}
    return Counted(
        total=_all_but("", answering, held.everyone).bit_count(),
        facets=[_facet(asked, name, counts[name]) for name in FACETS],
        by_region={code: n for code, n in counts["region"].items() if code != NOT_GIVEN},
    )


def _all_but(name: str, answering: dict[str, int], everyone: int) -> int:
    """The poles that answer every filter but this one."""
    for other, bits in answering.items():
        if other != name:
            everyone &= bits
    return everyone


def _facet(asked: PoleFilterSet, name: str, counts: dict[str, int]) -> Facet:
    chosen = asked.values.get(name, [])
    choices = asked.filters[name].field.known()
    values = [
        FacetValue(value, label, counts.get(value, 0), value in chosen)
        for value, label in choices
        if counts.get(value, 0) or value in chosen
    ]
    return Facet(name, str(asked.filters[name].label), values)
