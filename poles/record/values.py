"""Reading a record as plain values."""

from collections.abc import Iterable

from poles.models import Pole
from poles.record.fields import FIELDS, Json
from poles.record.rows import COLLECTIONS


def current_values(
    pole: Pole,
    fields: Iterable[str] = tuple(FIELDS),
    collections: Iterable[str] = tuple(COLLECTIONS),
) -> dict[str, Json]:
    """The values of the record as the database holds them now, by key."""
    values: dict[str, Json] = {name: FIELDS[name].read(pole) for name in fields}
    for name in collections:
        collection = COLLECTIONS[name]
        values |= {collection.key(row): collection.read(row) for row in collection.all(pole)}
    return values
