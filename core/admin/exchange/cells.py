"""What a cell holds for each kind of column, written for a French spreadsheet and read from it."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from import_export.widgets import Widget

from core import typed
from core.admin.exchange.keys import find, key_of
from core.sheets.writing import Value
from core.text import normalise

_YES, _NO = {"oui", "o", "vrai", "true", "1"}, {"non", "n", "faux", "false", "0"}
_MOMENTS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%d")
_LONGEST_SHOWN = 300


class Fault(str):
    """The reason for which a cell of the file could not be read at all."""


class Cell(Widget):
    """A column of texts. ``clean`` raises ValueError, in French."""

    def __init__(self, column: Any) -> None:
        super().__init__()
        self.column = column

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, Fault):
            raise ValueError(str(value))
        text = tidy(value)
        return self.read(text) if text else self.empty()

    def empty(self) -> Any:
        return None if self.column.null else ""

    def read(self, text: str) -> Any:
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return None if value is None else str(value)

    def current(self, obj: Any) -> Any:
        """What ``obj`` holds, as `clean` gives it."""
        value = getattr(obj, self.column.attname)
        return tidy(value) if isinstance(value, str) else value

    def told(self, value: Any) -> str:
        """``value``, as `clean` gives it, in the preview."""
        shown = self.render(value)
        if isinstance(shown, bool):
            return "oui" if shown else "non"
        if isinstance(shown, date):
            return f"{shown:%d/%m/}{shown.year:04d}"
        if isinstance(shown, Decimal):
            return format(shown, "f").replace(".", ",")
        text = "" if shown is None else str(shown)
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def tidy(text: Any) -> str:
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(line.rstrip() for line in lines)


class ChoiceCell(Cell):
    """Written as its label, read as either its label or its code."""

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        pairs = [(value, str(label)) for value, label in column.flatchoices if value is not None]
        self.labels = dict(pairs)
        self.values = {normalise(label): value for value, label in pairs}
        self.values |= {normalise(str(value)): value for value, _ in pairs}

    def read(self, text: str) -> Any:
        found = self.values.get(normalise(text))
        if found is None:
            offered = ", ".join(self.labels.values())
            raise ValueError(f"«\u00a0{text}\u00a0» n’est pas proposé ({offered}).")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return None if value in (None, "") else self.labels.get(value, str(value))


class BooleanCell(Cell):
    def empty(self) -> Any:
        return None if self.column.null else False

    def read(self, text: str) -> bool:
        word = normalise(text)
        if word in _YES or word in _NO:
            return word in _YES
        raise ValueError("Écrivez oui ou non.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return value


class NumberCell(Cell):
    def empty(self) -> None:
        return None

    def read(self, text: str) -> Any:
        found = typed.number(text)
        if isinstance(self.column, models.FloatField):
            return float(found)
        if isinstance(self.column, models.DecimalField):
            return found
        if found != found.to_integral_value():
            raise ValueError("Écrivez un nombre entier.")
        return int(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return Decimal(repr(value)) if isinstance(value, float) else value


class DayCell(Cell):
    def empty(self) -> None:
        return None

    def read(self, text: str) -> date:
        return typed.day(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return value


class MomentCell(Cell):
    def empty(self) -> None:
        return None

    def read(self, text: str) -> datetime:
        for form in _MOMENTS:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            return timezone.make_aware(found)
        raise ValueError("Écrivez une date et une heure, comme 15/03/2021 14:30.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return None if value is None else f"{timezone.localtime(value):{_MOMENTS[0]}}"

    def current(self, obj: Any) -> Any:
        value = getattr(obj, self.column.attname)
        return value.replace(microsecond=0) if value else value


class ListCell(Cell):
    """A line for each: the words of the sources have commas in them."""

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.of = cell_for(column.base_field)

    def empty(self) -> list:
        return []

    def read(self, text: str) -> list:
        return [self.of.read(line.strip()) for line in text.split("\n") if line.strip()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return "\n".join(str(self.of.render(each)) for each in value or []) or None


class JsonCell(Cell):
    def empty(self) -> Any:
        return None if self.column.null else self.column.get_default()

    def read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError("Écrivez du JSON.") from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


class KeyCell(Cell):
    """A row of another table, by its codes. ``current`` and ``clean`` give its primary key.

    `learn` is given all the texts of the file, and asks once for what they name.
    """

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.known: dict[str, set[int]] = {}
        self.names: dict[Any, str] = {}

    def empty(self) -> Any:
        return None

    def learn(self, texts: set[str]) -> None:
        queryset = self.column.related_model._default_manager.all()
        limits = self.column.get_limit_choices_to()
        self.known = find(queryset.complex_filter(limits) if limits else queryset, texts)
        self.names |= {pk: text for text, pks in self.known.items() for pk in pks}

    def texts(self, cell: str) -> set[str]:
        return {cell} - {""}

    def read(self, text: str) -> Any:
        found = self.known.get(text, set())
        if not found:
            kind = self.column.related_model._meta.verbose_name
            raise ValueError(f"«\u00a0{text}\u00a0» ne désigne rien dans le registre ({kind}).")
        if len(found) > 1:
            raise ValueError(f"«\u00a0{text}\u00a0» désigne plusieurs choses\u00a0: précisez.")
        return next(iter(found))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        if value is None:
            return None
        if not isinstance(value, models.Model):
            return self.names.get(value, f"n° {value}")
        self.names[value.pk] = self._name(value)
        return self.names[value.pk]

    def _name(self, value: models.Model) -> str:
        # An account has no code: who it is, as everywhere in the admin.
        return str(value) if value._meta.label == settings.AUTH_USER_MODEL else key_of(value)

    def current(self, obj: Any) -> Any:
        if self.column.is_cached(obj):
            self.render(getattr(obj, self.column.name))
        return getattr(obj, self.column.attname)


class KeysCell(KeyCell):
    """Rows of another table, a line each."""

    def empty(self) -> list:
        return []

    def learn(self, texts: set[str]) -> None:
        through = self.column.remote_field.through
        limits = through._meta.get_field(self.column.m2m_reverse_field_name())
        queryset = self.column.related_model._default_manager.all()
        allowed = limits.get_limit_choices_to()
        self.known = find(queryset.complex_filter(allowed) if allowed else queryset, texts)
        self.names |= {pk: text for text, pks in self.known.items() for pk in pks}

    def texts(self, cell: str) -> set[str]:
        return {line.strip() for line in tidy(cell).split("\n")} - {""}

    def read(self, text: str) -> list[int]:
        return sorted({super(KeysCell, self).read(each) for each in self.texts(text)})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        rows = value.all() if isinstance(value, models.Manager) else value or []
        return "\n".join(str(super(KeysCell, self).render(each)) for each in rows) or None

    def current(self, obj: Any) -> list[int]:
        if obj.pk is None:
            return []
        rows = list(getattr(obj, self.column.name).all())
        self.render(rows)
        return sorted(each.pk for each in rows)


def cell_for(column: Any) -> Cell:
    """The cell of a column of a model."""
    if column.many_to_many:
        return KeysCell(column)
    if column.is_relation:
        return KeyCell(column)
    if isinstance(column, ArrayField):
        return ListCell(column)
    if column.choices:
        return ChoiceCell(column)
    for kind, cell in _CELLS:
        if isinstance(column, kind):
            return cell(column)
    return Cell(column)


_CELLS: tuple[tuple[Any, type[Cell]], ...] = (
    (models.BooleanField, BooleanCell),
    ((models.IntegerField, models.DecimalField, models.FloatField), NumberCell),
    (models.DateTimeField, MomentCell),
    (models.DateField, DayCell),
    (models.JSONField, JsonCell),
)
