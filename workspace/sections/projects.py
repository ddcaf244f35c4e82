"""The projects that a pole carries, and what its members pool in them."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.http import HttpRequest

from members.models import Organisation
from poles.models import Pole, Pooled, ProjectState
from poles.record.fields import Json
from workspace.sections.base import LongText, comes_back
from workspace.sections.lines import Line, lines_of
from workspace.sections.rows import RowsForm, TypedDay, shown_day

_NAMELESS = "Nouveau projet"
_PERIOD = "Le projet ne peut finir avant d’avoir commencé."


class _Members(forms.MultipleChoiceField):
    """Numbers of organisations; the page offers those of the pole, the database knows them all."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return str(value).isascii() and str(value).isdigit() and len(str(value)) < 18


class ProjectsForm(RowsForm):
    slug = "projets"
    template = "workspace/projects/section.html"
    mark = "titre"
    columns: ClassVar[tuple[str, ...]] = (
        *("titre", "description", "commun", "membres", "depuis", "jusqua", "etat"),
    )

    def fields_of(self, row: str, value: dict[str, Json] | None) -> dict[str, forms.Field]:
        return {
            "titre": forms.CharField(label="Intitulé", max_length=200, required=False),
            "description": LongText(
                label="Ce qu’il fait", required=False, widget=forms.Textarea(attrs={"rows": 4})
            ),
            "commun": forms.MultipleChoiceField(
                label="Ce qui est mis en commun",
                required=False,
                choices=[(each.value, _capital(str(each.label))) for each in Pooled],
                widget=forms.CheckboxSelectMultiple,
            ),
            "membres": _Members(label="Membres engagés", required=False),
            "depuis": TypedDay(label="Début"),
            "jusqua": TypedDay(label="Fin", last=True),
            "etat": forms.ChoiceField(
                label="Où il en est",
                required=False,
                choices=[
                    ("", "Je ne sais pas"),
                    *[(each.value, _capital(str(each.label))) for each in ProjectState],
                ],
            ),
        }

    def shown_of(self, value: dict[str, Json]) -> dict[str, Any]:
        return {
            "titre": value["title"],
            "description": value["description"],
            "commun": value["pooled"],
            "membres": [str(pk) for pk in value["members"]],
            "depuis": shown_day(value["begins_on"]),
            "jusqua": shown_day(value["ends_on"], last=True),
            "etat": value["state"],
        }

    def value_of(self, row: str, before: dict[str, Json] | None) -> Json:
        if row in self.new and not self.says(row):
            return None
        known = before or {}
        pooled, members = self.typed("commun", row) or [], self.typed("membres", row) or []
        was = known.get("pooled") or []
        return {
            "title": self._text("titre", row, known.get("title")),
            "description": self._text("description", row, known.get("description")),
            # Boxes have no order of their own.
            "pooled": was if set(was) == set(pooled) else pooled,
            "members": sorted({int(pk) for pk in members}),
            "begins_on": self.typed("depuis", row),
            "ends_on": self.typed("jusqua", row),
            "state": self.typed("etat", row) or "",
        }

    def _text(self, name: str, row: str, before: str | None) -> str:
        typed = self.typed(name, row) or ""
        field = self.fields[f"{name}-{row}"]
        return before if before is not None and comes_back(field, before, typed) else typed

    def title_of(self, row: str) -> str:
        return str(self[f"titre-{row}"].value() or "") or _NAMELESS

    def clean(self) -> dict[str, Any]:
        for row in self.rows:
            if self.goes(row) or (row in self.new and not self.says(row)):
                continue
            if not self.typed("titre", row) and f"titre-{row}" not in self.errors:
                self.add_error(f"titre-{row}", "Donnez un intitulé au projet.")
            begins, ends = self.typed("depuis", row), self.typed("jusqua", row)
            if begins and ends and ends < begins:
                self.add_error(f"jusqua-{row}", _PERIOD)
        return self.cleaned_data

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        choices = self._choices(pole)
        for row in self.rows:
            self.fields[f"membres-{row}"].choices = choices  # type: ignore[attr-defined]
        return {
            "lines": [line for line in self._lines() if not line.new],
            "coming": [line for line in self._lines() if line.new],
            "members_known": bool(choices),
        }

    def _choices(self, pole: Pole) -> list[tuple[str, str]]:
        """The members of the pole, and who is in a project already; one statement."""
        chosen = {pk for value in self.saved_rows.values() for pk in value.get("members", ())}
        found = Organisation.objects.filter(Q(memberships__pole=pole) | Q(pk__in=chosen))
        names = found.order_by("normalised_name", "pk").values_list("pk", "name")
        return [(str(pk), name) for pk, name in names.distinct()]

    def _lines(self) -> list[Line]:
        return lines_of(self, name="titre", nameless=_NAMELESS, told=("etat", "depuis"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
