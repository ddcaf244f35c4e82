"""A section whose rows come and go: members, projects, figures by year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from core.typed import day, typed_day
from poles.record.fields import Json
from poles.record.rows import COLLECTIONS, Collection
from workspace.sections.acting import KEPT, NEW, Acted, begun, take_away
from workspace.sections.base import SectionForm, Typed

# The name under which a page sends the rows that are to go.
GONE = "retirer"
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
    # The field that a page sends of every row that it shows.
    mark: ClassVar[str]

    def __init__(
        self,
        values: Mapping[str, Json],
        data: Typed | None = None,
        new: Sequence[str] | None = None,
    ) -> None:
        named = new
        if named is None:
            named = self.offered(values) if data is None else data.get(NEW, ())
        self.sent = None if data is None else frozenset(data)
        self.new = [row for row in dict.fromkeys(named) if _is_new(row)][:_MOST_NEW]
        super().__init__(values, data)

    def offered(self, values: Mapping[str, Json]) -> Sequence[str]:
        """The rows to come of a page on which nothing was typed yet."""
        return ()

    def says(self, row: str) -> bool:
        """Whether anything was typed of a row to come, once the form has its data."""
        return any(name.rpartition("-")[2] == row for name in self.changed_data)

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
        """Those of the page: a row that came since, and was not sent, is left as it is."""
        return [*(row for row in self.saved_rows if self._was_shown(row)), *self.new]

    @property
    def unseen(self) -> dict[str, dict[str, Json]]:
        """The values of the rows that are left as they are, by key."""
        return {
            f"{self.collection.name}/{row}": value
            for row, value in self.saved_rows.items()
            if value and not self._was_shown(row)
        }

    def _was_shown(self, row: str) -> bool:
        return self.sent is None or f"{self.mark}-{row}" in self.sent

    def make_fields(self) -> None:
        for row in self.rows:
            value = self.saved_rows.get(row)
            for name, field in self.fields_of(row, value).items():
                self.fields[f"{name}-{row}"] = field
            if row not in self.new:
                self.fields[f"{GONE}-{row}"] = forms.BooleanField(
                    label="Retirer de la liste", required=False
                )

    @classmethod
    def act(cls, typed: Typed, action: str) -> Acted | None:
        """What a button does to what was typed; None if it is none of the section's."""
        word, _, about = action.partition(":")
        acted = begun(typed)
        if word == "ajouter":
            acted.focus = next_new(acted.typed.setdefault(NEW, []))
            acted.typed[NEW].append(acted.focus)
        elif word == "oter":
            take_away(acted, about)
        elif word == "garder":
            acted.told = KEPT
        else:
            return None
        return acted

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
            if value and self._was_shown(row)
            for name, shown in self.shown_of(value).items()
        }

    def title_of(self, row: str) -> str:
        """What a person calls the row, where several have the same fields."""
        raise NotImplementedError

    def add_error(self, field: str | None, error: Any) -> None:
        if field in self.fields:
            self.fields[field].of = self.title_of(field.rpartition("-")[2])  # type: ignore[attr-defined]
        super().add_error(field, error)

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
        typed = {key: value for key, value in rows.items() if value is not None}
        return {**others, **self.unseen, **typed}

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
        said = {row for row in draft.new if before.says(row)}
        new = {name for name in form.fields if name.rpartition("-")[2] in said}
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
    """The name of one more row: the first that is free."""
    return next(name for n in range(1, len(rows) + 2) if (name := f"n{n}") not in rows)
