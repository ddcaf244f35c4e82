"""The facets of every published pole, held by each process for a version of the data.

A set of poles is an integer with a bit for each pole: what two filters share is an AND, and a count
is a number of bits, so that the facets of a selection cost no statement.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, TextField
from django.utils import timezone

from catalogue.fields import NOT_GIVEN
from catalogue.models import PoleIndex
from catalogue.verdicts import verdict_today
from core.version import data_version

# The filters that choose among values, and where the index keeps theirs.
COLUMNS = {
    "region": "region",
    "departement": "departement",
    "theme": "themes",
    "maturite": "maturity",
    "membre": "members",
    "appel": "calls",
    "article9": "verdict_today",
    "reconnaissance": "recognition",
    "reseau": "networks",
}
# No code and no slug holds it.
_SEPARATOR = "\x1f"
_ONE = ord("1")


@dataclass
class Bitmaps:
    """``places``: a pole's bit, by its id; ``values``: the poles of each value of a filter."""

    everyone: int = 0
    places: dict[int, int] = field(default_factory=dict)
    values: dict[str, dict[str, int]] = field(default_factory=dict)

    def of_poles(self, ids: Iterable[int]) -> int:
        """The set of these poles; those that are not published are left out."""
        bits = bytearray(len(self.places) // 8 + 1)
        for pole in ids:
            place = self.places.get(pole)
            if place is not None:
                bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")

    def of_values(self, name: str, chosen: Iterable[str]) -> int:
        """The poles that have one of the values of a filter."""
        found, known = 0, self.values[name]
        for value in chosen:
            found |= known.get(value, 0)
        return found

    def counts(self, name: str, poles: int) -> dict[str, int]:
        """How many of these poles have each value of a filter, where any has."""
        counted = {value: (bits & poles).bit_count() for value, bits in self.values[name].items()}
        return {value: n for value, n in counted.items() if n}


_lock = threading.Lock()
_held: tuple[tuple[int, date], Bitmaps] | None = None


def bitmaps() -> Bitmaps:
    """Those of today; one statement a version and a day."""
    global _held
    key = (data_version(), timezone.localdate())
    held = _held
    if held is not None and held[0] == key:
        return held[1]
    # One request reads them, the others of this process wait for it instead of doing the same.
    with _lock:
        if _held is None or _held[0] != key:
            _held = (key, _read())
        return _held[1]


def forget_bitmaps() -> None:
    """Read them afresh at the next call; for tests."""
    global _held
    _held = None


class _Joined(Func):
    """An array as one text, which the driver reads several times as fast."""

    template = f"array_to_string(%(expressions)s, chr({ord(_SEPARATOR)}))"
    output_field = TextField()


def _read() -> Bitmaps:
    arrays = {each.name for each in PoleIndex._meta.fields if isinstance(each, ArrayField)}
    columns = [_Joined(each) if each in arrays else F(each) for each in COLUMNS.values()]
    rows = PoleIndex.objects.annotate(verdict_today=verdict_today()).order_by("pole_id")
    sql, parameters = rows.values_list("pole_id", *columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        read = cursor.fetchall()
    found = Bitmaps((1 << len(read)) - 1, {row[0]: place for place, row in enumerate(read)})
    for column, name in enumerate(COLUMNS, start=1):
        found.values[name] = _bits_of([row[column] for row in read])
    return found


def _bits_of(column: list[str]) -> dict[str, int]:
    """The poles of each value, from the values of each pole."""
    # Binary digits: writing one is cheaper than setting a bit, and they are read all at once.
    none = b"0" * len(column)
    digits: dict[str, bytearray] = {}
    sets: dict[str, list[bytearray]] = {}
    for place, text in enumerate(column):
        values = sets.get(text)
        if values is None:
            values = sets[text] = [
                digits.setdefault(value or NOT_GIVEN, bytearray(none))
                for value in text.split(_SEPARATOR)
            ]
        for each in values:
            each[place] = _ONE
    return {value: int(each[::-1], 2) for value, each in digits.items()}
