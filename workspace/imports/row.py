"""A row as it is read, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from poles.record import COLLECTIONS
from poles.record.fields import Json
from workspace.imports.columns import Column, tables

_NOTHING = "rien"


@dataclass
class RowChanges:
    """What a row asks for. ``told``: its changes in words, each with the key that it is of."""

    changes: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    creates: bool = False
    """Whether the row is of something that the registry does not have."""
    theme_words: list[str] = field(default_factory=list)

    def add(self, key: str, before: Json, after: Json) -> None:
        self.changes[key] = (before, after)

    def refuse(self, label: str, reason: object) -> None:
        self.errors.append(f"{label}\u00a0: {str(reason).rstrip('.')}.")

    def tell(self, key: str, label: str, before: str, after: str) -> None:
        """Says in words what the change of ``key`` is, or a part of it."""
        before, after = before or _NOTHING, after or _NOTHING
        self.told.append({"key": key, "label": label, "before": before, "after": after})

    def told_of(self, key: str) -> list[dict[str, str]]:
        return [each for each in self.told if each["key"] == key]

    def drop(self, key: str) -> None:
        del self.changes[key]
        self.told = [each for each in self.told if each["key"] != key]


@dataclass
class Row:
    """The cells of a row by key; only those of columns that are read."""

    table: str
    line: int
    cells: Mapping[str, str]
    faults: Mapping[str, str]

    def get(self, key: str) -> str:
        return self.cells.get(key, "")


def column_of(table: str, key: str) -> Column:
    return tables()[table].columns[key]


def blank(table: str) -> dict[str, Json]:
    """The values of a row of a collection in which nothing is said."""
    collection = COLLECTIONS[table]
    values: dict[str, Json] = {}
    for name in collection.columns:
        column = collection.column(name)
        if column.many_to_many:
            values[name] = []
        elif column.has_default():
            values[name] = column.get_default()
        else:
            values[name] = "" if column.empty_strings_allowed and not column.null else None
    return values
