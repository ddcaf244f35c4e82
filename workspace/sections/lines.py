"""The rows of a section as its page shows them: closed, what they say; open, their fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from workspace.sections.rows import GONE, RowsForm


@dataclass(frozen=True)
class Line:
    """``new``: it is not saved yet; ``changed``: something else than what is saved is typed."""

    row: str
    name: str
    told: str
    new: bool
    changed: bool
    fields: Mapping[str, BoundField]

    @property
    def id(self) -> str:
        return f"ligne-{self.row}"

    @property
    def gone(self) -> BoundField | None:
        return self.fields.get(GONE)

    @property
    def goes(self) -> bool:
        return self.gone is not None and bool(self.gone.value())

    @property
    def wrong(self) -> bool:
        return any(field.errors for field in self.fields.values())

    @property
    def open(self) -> bool:
        return self.new or self.changed or self.wrong

    @property
    def state(self) -> str:
        if self.goes:
            return "à retirer"
        if self.new:
            return "à ajouter"
        return "à enregistrer" if self.changed else ""


def lines_of(form: RowsForm, *, name: str, nameless: str, told: Sequence[str] = ()) -> list[Line]:
    """``name``: the field that names a row, ``told``: those that a closed row tells."""
    typed = form.changed_data if form.is_bound else form.mine
    changed = {each.rpartition("-")[2] for each in typed}
    lines = []
    for row in form.rows:
        fields = form.bound(row)
        words = [text for each in told if (text := _words(fields[each]))]
        title = str(fields[name].value() or "") or nameless
        new = row in form.new
        lines.append(Line(row, title, ", ".join(words), new, row in changed and not new, fields))
    return lines


def _words(field: BoundField) -> str:
    value = str(field.value() or "")
    if value and isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, value))  # type: ignore[arg-type]
    return value
