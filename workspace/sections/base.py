"""What every section has in common: a form between the values of a record and what is typed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from poles.models import Pole
from poles.record import FIELDS, SECTIONS, group_of
from poles.record.fields import Json, Section, plain, python
from workspace.conflicts import ASKED, CHOICE

Typed = Mapping[str, list[str]]
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "base", "why", "suite", "consent"})


def of(name: str, **options: Any) -> Any:
    """The form field of a column of the pole; ``options`` override what the column says."""
    return FIELDS[name].column.formfield(**options)


class TextsMixin:
    """Texts as the record keeps them: browsers send the end of a line as two characters."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)  # type: ignore[misc]
        return text.replace("\r\n", "\n").replace("\r", "\n")


class LongText(TextsMixin, forms.CharField):
    widget = forms.Textarea


class Day(forms.DateField):
    """A date, typed in the browser's own field, or as French writes it where it has none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)


class Year(forms.IntegerField):
    """A year that a person types in a plain field."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        wrong = "L’année s’écrit en quatre chiffres, comme 2021."
        messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        super().__init__(min_value=1900, max_value=2100, error_messages=messages, **options)


class YesNo(forms.TypedChoiceField):
    """Yes, no or not known: True, False or None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("oui", "Oui"), ("non", "Non"), ("", "On ne sait pas")],
            coerce=lambda typed: typed == "oui",
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "oui", False: "non", None: ""}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or "")


class SectionForm(forms.Form):
    """``values``: those of the record by key, as they were read."""

    slug: ClassVar[str]
    template: ClassVar[str] = "workspace/pole/section.html"
    fields_template: ClassVar[str] = "workspace/form/fields.html"
    mapped: ClassVar[bool] = False
    values: Mapping[str, Json]
    # Of a draft that was taken up again: what is mine of it, and what others changed of that.
    mine: frozenset[str] = frozenset()
    crossed: tuple[str, ...] = ()

    def __init__(self, values: Mapping[str, Json], data: Typed | None = None) -> None:
        self.values = values
        typed = None if data is None else as_query(data)
        super().__init__(typed)
        self.make_fields()
        self.initial = self.initial_of(values)
        for field in self.fields.values():
            frame(field.widget)

    def make_fields(self) -> None:
        """Adds those that depend on the values."""

    @staticmethod
    def asks(sent: QueryDict) -> bool:
        """Whether the button that was pressed asks the page something, and saves nothing."""
        return False

    def look_up(self) -> None:
        """What is asked then, of what is typed."""

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        """What the section's own template shows besides the form."""
        return {}

    @property
    def section(self) -> Section:
        return SECTIONS[self.slug]

    def initial_of(self, values: Mapping[str, Json]) -> dict[str, Any]:
        """What the fields show of ``values``."""
        return {
            name: value if FIELDS[name].many else python(FIELDS[name].column, value)
            for name, value in values.items()
            if name in self.fields
        }

    def after(self) -> dict[str, Json]:
        """The values that were typed, by key, once the form is valid; untouched ones as read."""
        return {name: self._after(name) for name in self.section.fields if name in self.fields}

    def _after(self, name: str) -> Json:
        field, cleaned, before = self.fields[name], self.cleaned_data[name], self.values.get(name)
        if FIELDS[name].many:
            return sorted(getattr(each, "pk", each) for each in cleaned)
        value = cleaned.pk if isinstance(cleaned, models.Model) else cleaned
        if isinstance(before, str) and isinstance(value, str) and comes_back(field, before, value):
            return before
        return plain(FIELDS[name].column, value)

    def key_of(self, name: str) -> str:
        """The key of the record that a field of the form stands for."""
        return name

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        """Shows what the record refused, at its fields where it has them."""
        fields: dict[str, str] = {}
        for name in self.fields:
            fields.setdefault(self.key_of(name), name)
        for key, messages in errors.items():
            for message in messages:
                self.add_error(fields.get(key) if key != NON_FIELD_ERRORS else None, message)

    @classmethod
    def resumed(
        cls, base: Mapping[str, Json], typed: Typed, saved: Mapping[str, Json]
    ) -> "SectionForm":
        """What was typed over ``base``, and what is saved now wherever nothing was typed."""
        gone = {key: value for key, value in base.items() if key not in saved}
        draft = cls({**saved, **gone}, typed)
        mine = set(cls(base, typed).changed_data) & set(draft.changed_data)
        keys = {mate for name in mine for mate in group_of(draft.key_of(name))}
        values = {key: base.get(key) if key in keys else now for key, now in saved.items()}
        form = cls({**values, **{key: value for key, value in gone.items() if key in keys}})
        for name in mine:
            field = form.fields[name]
            form.initial[name] = field.widget.value_from_datadict(draft.data, draft.files, name)
        form.mine = frozenset(mine)
        form.crossed = tuple(key for key in form.values if form.values[key] != saved.get(key))
        return form


def comes_back(field: forms.Field, before: str, value: str) -> bool:
    """Whether ``value`` is what a browser sends back of an untouched field that showed ``before``.

    Spaces around it go, and the ends of lines of a field that has one line.
    """
    if isinstance(field.widget, forms.Textarea):
        return LongText(required=False).clean(before) == value
    return " ".join(before.split()) == " ".join(value.split())


def as_query(typed: Typed) -> MultiValueDict:
    return MultiValueDict({name: list(values) for name, values in typed.items()})


def as_typed(data: QueryDict) -> dict[str, list[str]]:
    """What a person typed, without what the page itself sends; PostgreSQL keeps no NUL."""
    return {
        name: [value.replace("\x00", "") for value in values]
        for name, values in data.lists()
        if name not in _NOT_TYPED and name != ASKED and not name.startswith(CHOICE)
    }


def frame(widget: forms.Widget) -> None:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return
    if isinstance(widget, forms.Select):
        widget.attrs["class"] = "fr-select"
    elif isinstance(widget, forms.Textarea) or _is_a_line(widget):
        widget.attrs["class"] = "fr-input"


def _is_a_line(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.widgets.Input) and widget.input_type not in {
        "checkbox",
        "hidden",
    }
