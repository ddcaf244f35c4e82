"""Values of a record as a person reads them, in French."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from core.admin.values import shown
from members.models import Organisation
from networks.models import Network
from poles.models import Pole, PoleProject, Theme
from poles.record.fields import FIELDS, Field, Json
from poles.record.rows import Collection, split_key
from territories.models import Territory

# A model and a primary key.
Named = tuple[Any, int]
_NONE = "rien"
# What names a row, and what else of a territory makes its label.
_NAMED: dict[Any, tuple[str, str, str]] = {
    Organisation: ("name", "''", "''"),
    Theme: ("name", "''", "''"),
    Network: ("name", "''", "''"),
    Pole: ("name", "''", "''"),
    PoleProject: ("title", "''", "''"),
    Territory: ("name", "kind", "code"),
}


class Texts:
    """Names all that some values refer to, in one statement, and one more for what was erased.

    ``also``: the primary keys of other rows that are to be named.
    """

    def __init__(
        self,
        values: Iterable[Mapping[str, Json]],
        fields: Mapping[str, Field] = FIELDS,
        also: Mapping[Any, Iterable[int]] | None = None,
    ) -> None:
        self._fields = fields
        wanted: dict[Any, set[int]] = defaultdict(set)
        for model, pks in (also or {}).items():
            wanted[model].update(pks)
        for mapping in values:
            for key, value in mapping.items():
                for model, pk in self._named_by(key, value):
                    wanted[model].add(pk)
        self._names, self._erased = names_of(wanted)

    def name(self, model: Any, pk: int) -> str:
        return self._names.get((model, pk)) or f"n° {pk} (effacé)"

    def label(self, key: str, value: Json) -> str:
        """What a key is called: « résumé », « participation : Les Jardins »."""
        collection, row = split_key(key)
        if collection is None:
            return self._fields[row].label
        named = self.row_name(collection, value or {})
        return f"{collection.label}\u00a0: {named}" if named else collection.label

    def row_name(self, collection: Collection, value: Mapping[str, Json]) -> str:
        first = collection.columns[0]
        return self.of_column(collection.column(first), value.get(first)) if value else ""

    def text(self, key: str, value: Json) -> str:
        """A value in words; « rien » for an empty one."""
        collection, row = split_key(key)
        if collection is None:
            return self.of_column(self._fields[row].column, value) or _NONE
        if value is None:
            return _NONE
        return "\u00a0; ".join(self.columns(collection, value)) or _NONE

    def columns(self, collection: Collection, value: Mapping[str, Json]) -> list[str]:
        """The columns of a row that hold something, each with its name."""
        told = []
        for name in collection.columns:
            column = collection.column(name)
            # Whether a figure is public says nothing of a figure that nobody gave.
            if name.endswith("_public") and value.get(name.removesuffix("_public")) is None:
                continue
            text = self.of_column(column, value.get(name))
            if text:
                told.append(f"{column.verbose_name}\u00a0: {text}")
        return told

    def erased_in(self, key: str, value: Json) -> str:
        """The name of something that the value refers to and that was erased; empty if none."""
        found = (named for named in self._named_by(key, value) if named in self._erased)
        return next((self.name(*named) for named in found), "")

    def _named_by(self, key: str, value: Json) -> Iterator[Named]:
        collection, row = split_key(key)
        if collection is None:
            yield from _references(self._fields[row].column, value)
        else:
            for name in collection.columns:
                yield from _references(collection.column(name), (value or {}).get(name))

    def of_column(self, column: Any, value: Json) -> str:
        """A value of a column in words, empty for an empty one."""
        if not column.is_relation:
            return shown(column, value)
        if isinstance(value, dict):
            return f"{value.get('name', '')} (à créer)"
        pks = value if isinstance(value, list) else [value]
        return ", ".join(self.name(column.related_model, pk) for pk in pks if pk is not None)


def _references(column: Any, value: Json) -> Iterator[Named]:
    if column.is_relation and value:
        for pk in value if isinstance(value, list) else [value]:
            if isinstance(pk, int):
                yield column.related_model, pk


def names_of(wanted: Mapping[Any, Iterable[int]]) -> tuple[dict[Named, str], set[Named]]:
    """The names of rows by model and primary key, and those that were erased since.

    An erased row is told by the last name that it had.
    """
    names = _read(wanted, erased=False)
    missing = {
        model: [pk for pk in pks if (model, pk) not in names] for model, pks in wanted.items()
    }
    gone = {key: f"{name} (effacé)" for key, name in _read(missing, erased=True).items()}
    return names | gone, {(model, pk) for model, pks in missing.items() for pk in pks}


def _read(wanted: Mapping[Any, Iterable[int]], *, erased: bool) -> dict[Named, str]:
    asked = {model: sorted(pks) for model, pks in wanted.items() if pks}
    if not asked:
        return {}
    models_asked = list(asked)
    key, last = ("pgh_obj_id", ", pgh_id DESC") if erased else ("id", "")
    statement = " UNION ALL ".join(
        f"(SELECT DISTINCT ON ({key}) {place}, {key}, {', '.join(_NAMED[model])}"  # noqa: S608
        f" FROM {(model.pgh_event_model if erased else model)._meta.db_table}"
        f" WHERE {key} = ANY(%s) ORDER BY {key}{last})"
        for place, model in enumerate(models_asked)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(asked.values()))
        rows = cursor.fetchall()
    return {
        (models_asked[place], pk): Territory(name=name, kind=kind, code=code).label
        if kind
        else name
        for place, pk, name, kind, code in rows
    }
