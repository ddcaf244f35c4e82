"""Two people on one record: the second is told, sees both versions, and loses nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from core.admin.values import shown
from core.admin.widgets import option_label

STALE = (
    "Cette fiche a été modifiée pendant votre saisie. Rien n’est encore enregistré, et rien de "
    "ce que vous avez saisi n’est perdu : comparez dans l’encadré, puis enregistrez de nouveau."
)
FIELD = "loaded_version"


@dataclass(frozen=True)
class Difference:
    label: str
    saved: str
    typed: str


@dataclass
class Stale:
    """What came in between the loading of a form and its saving."""

    moments: list[datetime]
    taken: list[str] = field(default_factory=list)


class VersionedForm(forms.ModelForm):
    """A form that knows which version of its record it was filled from."""

    stale: Stale | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[FIELD] = forms.CharField(widget=forms.HiddenInput, required=False)
        if self.instance.pk:
            self.initial[FIELD] = str(self.instance.version)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        loaded = self.data.get(self.add_prefix(FIELD), "")
        if self.instance.pk and loaded != str(self.instance.version):
            self._reconcile(loaded)
            self.add_error(None, STALE)
        return cleaned

    def _reconcile(self, loaded: str) -> None:
        """Take the others' values wherever this person had typed nothing."""
        base = self._base(loaded)
        self.stale = Stale(self._moments_since(base))
        typed: Any = self.data
        self.data = data = typed.copy()
        data[self.add_prefix(FIELD)] = str(self.instance.version)
        if base is None:
            return
        before = {f.name: f.value_from_object(base) for f in base._meta.concrete_fields}
        for bound in self:
            if bound.name not in before or before[bound.name] == self.initial.get(bound.name):
                continue
            if not bound.field.has_changed(before[bound.name], bound.data):
                self._take(bound, data)
                self.stale.taken.append(str(bound.label))

    def _base(self, loaded: str) -> Any:
        events = type(self.instance).pgh_event_model.objects
        if not loaded.isdecimal():
            return None
        known = events.filter(pgh_obj_id=self.instance.pk, version=int(loaded))
        return known.order_by("-pgh_id").first()

    def _moments_since(self, base: Any) -> list[datetime]:
        """When the record moved: what belongs to it moved with it, in the same transactions."""
        if base is None:
            return []
        later = type(base).objects.filter(pgh_obj_id=base.pgh_obj_id, pgh_id__gt=base.pgh_id)
        return list(later.order_by("pgh_id").values_list("pgh_created_at", flat=True))

    def _take(self, bound: forms.BoundField, data: Any) -> None:
        wrapper: Any = bound.field.widget
        widget = getattr(wrapper, "widget", wrapper)
        saved = bound.field.prepare_value(self.initial.get(bound.name))
        data.pop(bound.html_name, None)
        if isinstance(widget, forms.CheckboxInput):
            if saved:
                data[bound.html_name] = "on"
            return
        value = widget.format_value(saved)
        if isinstance(value, list):
            data.setlist(bound.html_name, value)
        else:
            data[bound.html_name] = "" if value is None else value


def differences(admin_site: Any, form: forms.ModelForm, formsets: list) -> list[Difference]:
    """Where the typed record and the saved one are not the same, its parts included."""
    found = _differences(admin_site, form, "")
    for formset in formsets:
        for row in formset.initial_forms:
            found += _differences(admin_site, row, f"{row.instance._meta.verbose_name} : ")
    return found


def _differences(admin_site: Any, form: Any, prefix: str) -> list[Difference]:
    found = []
    for bound in form:
        if bound.name == FIELD or not bound.field.has_changed(bound.initial, bound.data):
            continue
        try:
            typed = bound.field.clean(bound.data)
        except forms.ValidationError:
            typed = bound.data
        texts = [_text(admin_site, form, bound.name, v) for v in (bound.initial, typed)]
        found.append(Difference(f"{prefix}{bound.label}", *texts))
    return found


def _text(admin_site: Any, form: Any, name: str, value: object) -> str:
    columns = {f.name: f for f in form._meta.model._meta.get_fields() if hasattr(f, "attname")}
    if isinstance(value, models.Model):
        return option_label(admin_site, value)
    if name not in columns:
        return str(value or "")
    column = columns[name]
    if column.is_relation and value is not None:
        if column.many_to_many:
            return ", ".join(option_label(admin_site, obj) for obj in value)  # type: ignore[attr-defined]
        obj = column.related_model._default_manager.filter(pk=value).first()
        return option_label(admin_site, obj) if obj else str(value)
    return shown(column, value)
