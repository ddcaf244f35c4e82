"""Filters of the admin's lists, in the words of who uses them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin

_WORDS = ("Tout", "non renseigné", "renseigné")


class GivenFilter(admin.EmptyFieldListFilter):
    """Whether a column is given: Django says « Vide » and « Non vide »."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for words, choice in zip(_WORDS, super().choices(changelist), strict=True):
            _, bracket, count = str(choice["display"]).partition(" (")
            yield {**choice, "display": f"{words}{bracket}{count}"}
