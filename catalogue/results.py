"""A page of results: the poles that answer, in the order that was asked for."""

from collections.abc import Sequence
from typing import overload

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from catalogue.filters import PoleFilterSet
from catalogue.models import PoleIndex

PAGE_SIZE = 20
SORTS = {
    "pertinence": "Pertinence",
    "nom": "Nom",
    "creation": "Année de création",
    "confirmation": "Dernière confirmation",
    "distance": "Distance",
}
_ORDERS: dict[str, list[F | OrderBy]] = {
    "nom": [F("name"), F("pole_id")],
    "creation": [F("founding_year").desc(nulls_last=True), F("name"), F("pole_id")],
    "confirmation": [F("confirmed_on").desc(nulls_last=True), F("name"), F("pole_id")],
    "distance": [F("distance").asc(nulls_last=True), F("name"), F("pole_id")],
}


def possible_sorts(asked: PoleFilterSet) -> dict[str, str]:
    """The sorts that make sense for what was asked, the default one first."""
    possible = dict(SORTS)
    if asked.origin is None:
        del possible["distance"]
    if asked.found is None:
        del possible["pertinence"]
    if asked.near is not None and asked.found is None:
        return {"distance": possible.pop("distance"), **possible}
    return possible


def chosen_sort(asked: PoleFilterSet) -> str:
    """The sort that was asked for, or the default one, with a message if it does not exist."""
    possible = possible_sorts(asked)
    wished = asked.asked.get("tri", "")
    if wished and wished not in possible:
        asked.set_aside("Tri", [wished])
    return wished if wished in possible else next(iter(possible))


# What a card shows of the pole itself: the other columns are many and wide.
_OF_THE_POLE = ("pole__name", "pole__maturity", "pole__maturity_year")
_OF_THE_INDEX = tuple(field.name for field in PoleIndex._meta.fields)


def with_poles(rows: QuerySet[PoleIndex]) -> QuerySet[PoleIndex]:
    """The rows with what a card shows of their poles."""
    return rows.select_related("pole").only(*_OF_THE_INDEX, *_OF_THE_POLE)


class _Answer(Sequence[PoleIndex]):
    """The rows that answer, in order, of which only a slice is ever read: two statements."""

    def __init__(self, asked: PoleFilterSet, total: int, sort: str) -> None:
        self._asked, self._total, self._sort = asked, total, sort

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, key: int) -> PoleIndex: ...
    @overload
    def __getitem__(self, key: slice) -> list[PoleIndex]: ...
    def __getitem__(self, key: int | slice) -> PoleIndex | list[PoleIndex]:
        if isinstance(key, int):
            return self[key : key + 1][0]
        order = _ORDERS.get(self._sort)
        if order is None:
            return self._best_first(key)
        # The poles, which are wide, are joined once the rows of the page are chosen.
        chosen = self._asked.rows().order_by(*order)[key].values("pole_id")
        return list(self._shown().filter(pole_id__in=chosen).order_by(*order))

    def _shown(self) -> QuerySet[PoleIndex]:
        return with_poles(self._asked.everything())

    def _best_first(self, key: slice) -> list[PoleIndex]:
        ids = self._asked.found.ids if self._asked.found else []
        if len(self._asked.conditions) > 1:
            answering = set(self._asked.rows().values_list("pole_id", flat=True))
            ids = [each for each in ids if each in answering]
        wanted = ids[key]
        found = {row.pole_id: row for row in self._shown().filter(pole_id__in=wanted)}
        return [found[each] for each in wanted if each in found]


def results(asked: PoleFilterSet, total: int) -> Page:
    """The page that the query string asks for, or the nearest that exists.

    ``total``: the number of poles that answer, which the facets counted already.
    """
    answer = _Answer(asked, total, chosen_sort(asked))
    return Paginator(answer, PAGE_SIZE).get_page(asked.asked.get("page", "1"))
