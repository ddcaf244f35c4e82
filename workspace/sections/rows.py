"""A section whose rows come and go: members, projects, figures by year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from core.typed import day, typed_day
from poles.record.fields import Json
from poles.record.rows import COLLECTIONS, Collection
from workspace.sections.base import SectionForm, Typed

# The names under which a page sends its new rows, and those that are to go.
NEW, GONE = "nouveau", "retirer"
_MOST_NEW = 200


class TypedDay(forms.CharField):
    """A date as French writes it, or the year alone where it is all that is known.

    ``last``: the day that ends a period, so that of a year it is the last.
    """

    def __init__(self, *, last: bool = False, **options: Any) -> None:
        self.last = last
        options = {"required": False, "max_length": 30, **options}
        super().__init__(**options)

    def clean(self, value: Any) -> str | None:
        """ISO, as the record holds it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return day(text, last=self.last).isoformat()
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class RowsForm(SectionForm):
    """The fields of each row, by the name of the column and the row's: ``role-12``, ``role-n1``.

    A row is named as its key is; one that is to come ``n1``, for the key ``…/+1``.
    """

    new: list[str]
    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        values: Mapping[str, Json],
        data: Typed | None = None,
        new: Sequence[str] | None = None,
    ) -> None:
        named = (data or {}).get(NEW, ()) if new is None else new
        self.new = [row for row in dict.fromkeys(named) if _is_new(row)][:_MOST_NEW]
        super().__init__(values, data)

    @property
    def collection(self) -> Collection:
        return COLLECTIONS[self.section.rows]

    @property
    def saved_rows(self) -> dict[str, dict[str, Json]]:
        """The values of the rows that are there already, by name; none of one that was removed."""
        begin = f"{self.collection.name}/"
        return {
            key.removeprefix(begin): value or {}
            for key, value in self.values.items()
            if key.startswith(begin)
        }

    @property
    def rows(self) -> list[str]:
        return [*self.saved_rows, *self.new]

    def make_fields(self) -> None:
        for row in self.rows:
            value = self.saved_rows.get(row)
            for name, field in self.fields_of(row, value).items():
                self.fields[f"{name}-{row}"] = field
            if row not in self.new:
                self.fields[f"{GONE}-{row}"] = forms.BooleanField(
                    label="Retirer de la liste", required=False
                )

    def fields_of(self, row: str, value: dict[str, Json] | None) -> dict[str, forms.Field]:
        """The fields of a row; ``value`` is None for one that is to come."""
        raise NotImplementedError

    def shown_of(self, value: dict[str, Json]) -> dict[str, Any]:
        """What its fields show of a row, by name of field."""
        raise NotImplementedError

    def value_of(self, row: str, before: dict[str, Json] | None) -> Json:
        """What was typed of a row that stays; None if nothing was."""
        raise NotImplementedError

    def initial_of(self, values: Mapping[str, Json]) -> dict[str, Any]:
        return {
            f"{name}-{row}": shown
            for row, value in self.saved_rows.items()
            if value
            for name, shown in self.shown_of(value).items()
        }

    def key_of(self, name: str) -> str:
        return self.key_of_row(name.rpartition("-")[2])

    def key_of_row(self, row: str) -> str:
        return f"{self.collection.name}/{'+' + row[1:] if _is_new(row) else row}"

    def typed(self, name: str, row: str) -> Any:
        return self.cleaned_data.get(f"{name}-{row}")

    def goes(self, row: str) -> bool:
        return bool(self.typed(GONE, row))

    def after(self) -> dict[str, Json]:
        others = {name: self.values[name] for name in self.section.fields if name in self.values}
        rows = {
            self.key_of_row(row): self.value_of(row, self.saved_rows.get(row))
            for row in self.rows
            if not self.goes(row)
        }
        return {**others, **{key: value for key, value in rows.items() if value is not None}}

    def bound(self, row: str) -> dict[str, BoundField]:
        """The fields of a row, by name, as a template shows them."""
        return {
            name: self[f"{name}-{row}"]
            for name in (*self.columns, GONE)
            if f"{name}-{row}" in self.fields
        }

    @classmethod
    def resumed(
        cls, base: Mapping[str, Json], typed: Typed, saved: Mapping[str, Json]
    ) -> "RowsForm":
        draft, before = cls(saved, typed), cls(base, typed)
        changed = {name for name in before.changed_data if name not in draft.fields}
        changed |= set(before.changed_data) & set(draft.changed_data)
        mine = {name for name in changed if name.rpartition("-")[2] not in draft.new}
        keys = {draft.key_of(name) for name in mine}
        values = {key: base.get(key, now) if key in keys else now for key, now in saved.items()}
        # Who changed a row that another has removed meanwhile is asked about it.
        values |= {key: base[key] for key in keys if key not in saved and key in base}
        form = cls(values, new=draft.new)
        new = {name for name in form.fields if name.rpartition("-")[2] in form.new}
        for name in (mine | new) & set(form.fields):
            widget = form.fields[name].widget
            form.initial[name] = widget.value_from_datadict(before.data, before.files, name)
        form.mine = frozenset(mine | new)
        form.crossed = tuple(key for key, value in values.items() if value != saved.get(key))
        return form


def shown_day(value: Json, *, last: bool = False) -> str:
    """A day of the record as `TypedDay` reads it back."""
    return typed_day(date.fromisoformat(value), last=last) if value else ""


def _is_new(row: str) -> bool:
    return row[:1] == "n" and row[1:].isascii() and row[1:].isdigit() and len(row) < 6


def next_new(rows: Sequence[str]) -> str:
    """The name of one more row."""
    return f"n{max((int(row[1:]) for row in rows if _is_new(row)), default=0) + 1}"
