"""Values of a record as a person reads them, in French."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from core.admin.values import shown
from members.models import Organisation
from poles.models import Theme
from poles.record.fields import FIELDS, Field, Json
from poles.record.rows import Collection, split_key
from territories.models import Territory

_NONE = "rien"


class Texts:
    """Names all that some changes refer to, one statement for each model."""

    def __init__(
        self, values: Iterable[Mapping[str, Json]], fields: Mapping[str, Field] = FIELDS
    ) -> None:
        self._fields = fields
        self._wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for mapping in values:
            for key, value in mapping.items():
                self._want(key, value)
        self._names: dict[type[models.Model], dict[int, str]] = {
            model: {each.pk: _name(each) for each in model._default_manager.filter(pk__in=pks)}
            for model, pks in self._wanted.items()
        }

    def label(self, key: str, value: Json) -> str:
        """What a key is called: « résumé », « participation : Les Jardins »."""
        collection, row = split_key(key)
        if collection is None:
            return self._fields[row].label
        named = self.row_name(collection, value or {})
        return f"{collection.label}\u00a0: {named}" if named else collection.label

    def row_name(self, collection: Collection, value: Mapping[str, Json]) -> str:
        first = collection.columns[0]
        return self._text(collection.column(first), value.get(first)) if value else ""

    def text(self, key: str, value: Json) -> str:
        """A value in words; « rien » for an empty one."""
        collection, row = split_key(key)
        if collection is None:
            return self._text(self._fields[row].column, value) or _NONE
        if value is None:
            return _NONE
        return "\u00a0; ".join(self.columns(collection, value)) or _NONE

    def columns(self, collection: Collection, value: Mapping[str, Json]) -> list[str]:
        """The columns of a row that hold something, each with its name."""
        told = []
        for name in collection.columns:
            column = collection.column(name)
            text = self._text(column, value.get(name))
            if text:
                told.append(f"{column.verbose_name}\u00a0: {text}")
        return told

    def _want(self, key: str, value: Json) -> None:
        collection, row = split_key(key)
        if collection is None:
            self._want_one(self._fields[row].column, value)
        else:
            for name in collection.columns:
                self._want_one(collection.column(name), (value or {}).get(name))

    def _want_one(self, column: Any, value: Json) -> None:
        if column.is_relation and value:
            pks = value if isinstance(value, list) else [value]
            self._wanted[column.related_model].update(pk for pk in pks if isinstance(pk, int))

    def _text(self, column: Any, value: Json) -> str:
        if not column.is_relation:
            return shown(column, value)
        if isinstance(value, dict):
            return f"{value.get('name', '')} (à créer)"
        pks = value if isinstance(value, list) else [value]
        names = self._names.get(column.related_model, {})
        return ", ".join(names.get(pk, f"n° {pk} (effacé)") for pk in pks if pk is not None)


def _name(instance: models.Model) -> str:
    if isinstance(instance, Territory):
        return instance.label
    if isinstance(instance, Organisation | Theme):
        return instance.name
    return str(instance)
