"""The forms of the admin: they ask the database for nothing that the page already knows."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.forms.utils import ErrorDict

from core.admin.versions import VersionedForm
from core.admin.widgets import LoadedSelect, LoadedSelectMultiple


class RegistryForm(forms.ModelForm):
    """A form whose autocompletes name what was loaded with the object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.fields.values():
            widget = getattr(bound.widget, "widget", bound.widget)
            if isinstance(widget, LoadedSelect | LoadedSelectMultiple):
                widget.know(self.instance)


class VersionedRegistryForm(RegistryForm, VersionedForm):
    pass


class RowForm(RegistryForm):
    """A row of an inline: left as it was, it costs no statement and no complaint."""

    def full_clean(self) -> None:
        if self.is_bound and not self.instance._state.adding and not self.has_changed():
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()


class RowFormSet(BaseInlineFormSet):
    """Rows that know the object whose page they are on, without asking for it one by one."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        row = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if row.instance.pk:
            setattr(row.instance, self.fk.name, self.instance)
        return row

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # The heads of a table's columns name nothing for who does not see them.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", field.label or "")


def refusing(form: type[forms.ModelForm], message: str) -> type[forms.ModelForm]:
    """The same form, that shows ``message`` above what was typed in it."""

    class Refused(form):  # type: ignore[misc, valid-type]
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, message)
            return cleaned

    return Refused
