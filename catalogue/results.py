"""A page of results: the poles that answer, in the order that was asked for."""

from dataclasses import dataclass
from math import ceil

from django.db.models import F, QuerySet
from django.utils.functional import cached_property

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
_ORDERS = {
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
    possible = possible_sorts(asked)
    wished = asked.asked.get("tri", "")
    if wished and wished not in possible:
        message = f"Tri : la valeur « {wished[:60]} » n’existe pas ici, elle est laissée de côté."
        if message not in asked.messages:
            asked.messages.append(message)
    return wished if wished in possible else next(iter(possible))


@dataclass
class Results:
    """Page ``number`` of the ``total`` poles that answer; a number beyond the last is the last."""

    asked: PoleFilterSet
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / PAGE_SIZE))

    @property
    def start(self) -> int:
        return (self.number - 1) * PAGE_SIZE

    @cached_property
    def rows(self) -> list[PoleIndex]:
        """The rows of the page with their poles; two statements at most."""
        rows = self.asked.rows().select_related("pole")
        end = self.start + PAGE_SIZE
        sort = chosen_sort(self.asked)
        if sort == "pertinence" and self.asked.found is not None:
            return self._best_first(rows, self.asked.found.ids)
        return list(rows.order_by(*_ORDERS[sort])[self.start : end])

    def _best_first(self, rows: QuerySet[PoleIndex], ids: list[int]) -> list[PoleIndex]:
        if len(self.asked.conditions) > 1:
            answering = set(self.asked.rows().values_list("pole_id", flat=True))
            ids = [each for each in ids if each in answering]
        wanted = ids[self.start : self.start + PAGE_SIZE]
        found = {row.pole_id: row for row in rows.filter(pole_id__in=wanted)}
        return [found[each] for each in wanted if each in found]


def results(asked: PoleFilterSet, total: int) -> Results:
    """The page that the query string asks for; an unreadable page number is the first."""
    wished = asked.asked.get("page", "1")
    number = int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 7 else 1
    pages = max(1, ceil(total / PAGE_SIZE))
    return Results(asked, total, min(max(number, 1), pages))
