from typing import Any

from django import forms

from networks.models import Network
from poles.record.fields import Json
from poles.record.rows import COLLECTIONS
from workspace.sections.base import Day, SectionForm

_NEW_ROWS = ("+1", "+2")
_SOURCES = COLLECTIONS["sources"]


class NetworksForm(SectionForm):
    """The networks that accompany the pole, and its sources: a row each, emptied to be removed."""

    slug = "reseaux"
    fields_template = "workspace/form/networks.html"

    networks = forms.ModelMultipleChoiceField(
        Network.objects.order_by("name"),
        label="Réseaux qui accompagnent le pôle",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Ceux qui le conseillent ou le suivent aujourd’hui. Tant qu’elle n’est pas publiée, "
            "ils peuvent aussi compléter sa fiche."
        ),
    )

    def make_fields(self) -> None:
        known = [key for key, value in self.values.items() if "/" in key and value is not None]
        for number, key in enumerate([*known, *(f"sources/{row}" for row in _NEW_ROWS)], 1):
            self.fields[_name(key, "url")] = forms.URLField(
                label=f"Source {number}\u00a0: adresse de la page",
                required=False,
                max_length=1000,
                assume_scheme="https",
            )
            self.fields[_name(key, "seen_on")] = Day(
                label=f"Source {number}\u00a0: consultée le", required=False
            )

    def rows(self) -> list[list[forms.BoundField]]:
        names = [name for name in self.fields if name.startswith("source-")]
        return [[self[name] for name in pair] for pair in zip(names[::2], names[1::2], strict=True)]

    def initial_of(self, values: Any) -> dict[str, Any]:
        initial = super().initial_of(values)
        for key, value in values.items():
            if "/" in key and value is not None:
                for column in _SOURCES.columns:
                    initial[_name(key, column)] = value[column]
        return initial

    def after(self) -> dict[str, Json]:
        after = super().after()
        for name in self.fields:
            if name.endswith("-url"):
                key = self.key_of(name)
                after[key] = self._row(key, name)
        return {key: value for key, value in after.items() if value or not _is_new(key)}

    def _row(self, key: str, name: str) -> Json:
        day = _name(key, "seen_on")
        if not {name, day} & set(self.changed_data):
            return self.values.get(key)
        url, seen_on = self.cleaned_data[name], self.cleaned_data[day]
        return {"url": url, "seen_on": seen_on and str(seen_on)} if url else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for name in self.fields:
            url = cleaned.get(name) if name.endswith("-url") else None
            if url in seen:
                self.add_error(name, "Cette source est déjà citée.")
            if url:
                seen.add(url)
        return cleaned

    def key_of(self, name: str) -> str:
        row, _, _ = name.removeprefix("source-").rpartition("-")
        return f"sources/{row}" if name.startswith("source-") else name


def _name(key: str, column: str) -> str:
    return f"source-{key.partition('/')[2]}-{column}"


def _is_new(key: str) -> bool:
    return "/+" in key
