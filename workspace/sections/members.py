"""The members of a pole: who, in which place, since when; and those that are to come."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from core.typed import day
from members.finding import Likely, Wanted, likely_doubles
from members.kinds import CERTAIN_FACTS, FACT_LABELS, FACTS, OrganisationKind
from members.models import Organisation
from poles.models import MembershipRole, Pole
from poles.models.memberships import PERIOD_MESSAGE
from poles.planned import organisations_in
from poles.record.fields import Json
from workspace.members.acting import ADDING, SEARCH, act, doubles_of
from workspace.members.fields import ANSWERS, CONTRADICTS, HELP, YES_NO, Siren, kinds
from workspace.members.lines import lines_of
from workspace.members.panel import panel_context
from workspace.members.searching import everywhere, tidy
from workspace.members.units import read_unit
from workspace.sections.acting import Acted
from workspace.sections.base import Typed
from workspace.sections.rows import GONE, RowsForm, TypedDay, shown_day

_OVERLAP = "Cette organisation participe déjà au pôle pendant cette période."
_TWO_LEADS = "Le pôle a déjà une structure porteuse à cette période\u00a0: {}."
_DOUBLE = (
    "Le registre connaît peut-être déjà cette organisation\u00a0: choisissez-la plus bas, ou dites "
    "que c’en est une autre."
)


class MembersForm(RowsForm):
    slug = "membres"
    template = "workspace/members/section.html"
    mark = "organisation"
    columns: ClassVar[tuple[str, ...]] = (
        *("organisation", "role", "depuis", "jusqua"),
        *("nom", "sigle", "siren", "nature", *FACTS, "preuve", "unite", "autre"),
    )

    @classmethod
    def act(cls, typed: Typed, action: str) -> Acted | None:
        return act(typed, action)

    def fields_of(self, row: str, value: dict[str, Json] | None) -> dict[str, forms.Field]:
        hidden = forms.HiddenInput()
        fields: dict[str, forms.Field] = {
            "organisation": forms.IntegerField(
                required=False, min_value=1, max_value=2**62, widget=hidden
            ),
            "role": forms.ChoiceField(label="Rôle", choices=_roles()),
            "depuis": TypedDay(label="Membre depuis"),
            "jusqua": TypedDay(label="Jusqu’à", last=True),
        }
        return fields if value is not None else {**fields, **_of_new()}

    def shown_of(self, value: dict[str, Json]) -> dict[str, Any]:
        return {
            "organisation": value["organisation"],
            "role": value["role"],
            "depuis": shown_day(value["begins_on"]),
            "jusqua": shown_day(value["ends_on"], last=True),
        }

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        lines = lines_of(self)
        words, adding = tidy(request.GET.get(SEARCH, "")), request.GET.get(ADDING, "")
        doubles = doubles_of(words, adding) if words and adding else None
        return {
            "lines": [line for line in lines if not line.over and not line.new],
            "former": [line for line in lines if line.over and not line.new],
            "coming": [line for line in lines if line.new],
            "words": words,
            "found": everywhere(words) if words and doubles is None else None,
            "doubles": doubles,
            **self.panel(pole),
        }

    def panel(self, pole: Pole) -> dict[str, Any]:
        """What the members that are typed make of the composition."""
        return panel_context(pole, self.planned(), self.organisations)

    def value_of(self, row: str, before: dict[str, Json] | None) -> Json:
        typed = {
            "role": self.typed("role", row),
            "begins_on": self.typed("depuis", row),
            "ends_on": self.typed("jusqua", row),
        }
        if before:
            return {**before, **typed}
        organisation = self.typed("organisation", row) or self._described(row)
        return {"organisation": organisation, **typed, "source_words": ""}

    def _described(self, row: str) -> dict[str, Json]:
        """An organisation that is to be made (``members.creating``)."""
        stated = {fact: YES_NO.get(self.typed(fact, row) or "") for fact in FACTS}
        described: dict[str, Json] = {
            "name": self.typed("nom", row),
            "acronym": self.typed("sigle", row) or "",
            "siren": self.typed("siren", row) or None,
            "kind": self.typed("nature", row) or OrganisationKind.UNKNOWN.value,
            **{fact: value for fact, value in stated.items() if value is not None},
            "source": self.typed("preuve", row) or "",
        }
        unit = read_unit(self.typed("unite", row) or "")
        return {**described, "unit": unit} if unit else described

    def described(self, row: str) -> dict[str, Json]:
        """What is typed of a new organisation's nature, be it right or not."""
        nature = self._raw("nature", row)
        stated = {fact: YES_NO.get(self._raw(fact, row)) for fact in FACTS}
        return {
            "name": self._raw("nom", row),
            "kind": nature if nature in OrganisationKind.values else "",
            **stated,
            "unit": read_unit(self._raw("unite", row)),
        }

    def planned(self) -> dict[str, dict[str, Json]]:
        """The members as they are typed now, by key: what cannot be read is as if not said."""
        return {
            **self.unseen,
            **self._planned_rows(),
        }

    def _planned_rows(self) -> dict[str, dict[str, Json]]:
        return {
            self.key_of_row(row): self._planned(row)
            for row in self.rows
            if row in self.new or not self[f"{GONE}-{row}"].value()
        }

    def _planned(self, row: str) -> dict[str, Json]:
        known = self.organisation_of(row)
        return {
            "organisation": known.pk if known else self.described(row) if row in self.new else None,
            "role": self._raw("role", row),
            "begins_on": _day_or_none(self._raw("depuis", row)),
            "ends_on": _day_or_none(self._raw("jusqua", row), last=True),
        }

    def _raw(self, name: str, row: str) -> str:
        return str(self[f"{name}-{row}"].value() or "")

    def clean(self) -> dict[str, Any]:
        periods: list[tuple[str, int, str | None, str | None]] = []
        for row in self.rows:
            if self.goes(row):
                continue
            self._clean_row(row)
            begins, ends = self.typed("depuis", row), self.typed("jusqua", row)
            if begins and ends and ends < begins:
                self.add_error(f"jusqua-{row}", PERIOD_MESSAGE)
                continue
            named = self.typed("organisation", row) or self.saved_rows.get(row, {}).get(
                "organisation"
            )
            periods.append((row, named or 0, begins, ends))
        self._clean_periods(periods)
        self._clean_doubles()
        return self.cleaned_data

    def _clean_row(self, row: str) -> None:
        if row not in self.new or self.typed("organisation", row):
            return
        if not self.typed("nom", row) and f"nom-{row}" not in self.errors:
            self.add_error(f"nom-{row}", "Donnez le nom de l’organisation.")
        kind = OrganisationKind(self.typed("nature", row) or OrganisationKind.UNKNOWN)
        for fact, certain in CERTAIN_FACTS[kind].items():
            if YES_NO.get(self.typed(fact, row) or "") not in {None, certain}:
                self.add_error(f"{fact}-{row}", CONTRADICTS)

    def _clean_periods(self, periods: list[tuple[str, int, str | None, str | None]]) -> None:
        """What the database would refuse without saying of whom."""
        for place, (row, organisation, begins, ends) in enumerate(periods):
            for other, its, since, until in periods[:place]:
                if (ends or "9999") < (since or "") or (until or "9999") < (begins or ""):
                    continue
                if organisation and organisation == its:
                    self.add_error(f"depuis-{row}", _OVERLAP)
                leads = [self.typed("role", each) for each in (row, other)]
                if leads == [MembershipRole.LEAD] * 2:
                    self.add_error(f"role-{row}", _TWO_LEADS.format(self.name_of(other)))

    def _clean_doubles(self) -> None:
        asked = [
            row
            for row in self.new
            if not self.typed("organisation", row)
            and not self.goes(row)
            and self.typed("nom", row)
            and self.typed("autre", row) != self.typed("nom", row)
        ]
        if not asked:
            return
        wanted = [Wanted(self.typed("nom", row), self.typed("siren", row) or "") for row in asked]
        for row, likely in zip(asked, likely_doubles(wanted), strict=True):
            if likely:
                self.doubles[row] = likely
                self.add_error(f"nom-{row}", _DOUBLE)

    @cached_property
    def doubles(self) -> dict[str, list[Likely]]:
        """By new row, the organisations that it may be, once the form is looked at."""
        return {}

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        """Those that the rows name; one statement."""
        typed = [self._raw("organisation", row) for row in self.new]
        chosen = {int(each) for each in typed if each.isdecimal() and len(each) < 18}
        saved: Mapping[str, Any] = {row: value for row, value in self.saved_rows.items() if value}
        return Organisation.objects.in_bulk(organisations_in(saved) | chosen)

    def organisation_of(self, row: str) -> Organisation | None:
        pk = self.saved_rows.get(row, {}).get("organisation")
        if pk is None:
            typed = self._raw("organisation", row)
            pk = int(typed) if typed.isdecimal() else 0
        return self.organisations.get(pk)

    def title_of(self, row: str) -> str:
        return self.name_of(row)

    def name_of(self, row: str) -> str:
        known = self.organisation_of(row)
        if known is not None:
            return known.name
        return self._raw("nom", row) if row in self.new else "Organisation effacée"


def _day_or_none(text: str, *, last: bool = False) -> str | None:
    try:
        return day(text, last=last).isoformat()
    except ValueError:
        return None


def _roles() -> list[tuple[str, str]]:
    return [
        (role.value, str(role.label)[:1].upper() + str(role.label)[1:]) for role in MembershipRole
    ]


def _of_new() -> dict[str, forms.Field]:
    column: Any = Organisation._meta.get_field
    answers: dict[str, forms.Field] = {
        fact: forms.ChoiceField(
            label=label[:1].upper() + label[1:],
            choices=ANSWERS,
            required=False,
            help_text=HELP[fact],
        )
        for fact, label in FACT_LABELS.items()
    }
    hidden = {"required": False, "widget": forms.HiddenInput}
    return {
        "nom": forms.CharField(label="Nom", required=False, max_length=column("name").max_length),
        "sigle": forms.CharField(
            label="Sigle", required=False, max_length=column("acronym").max_length
        ),
        "siren": Siren(
            label="SIREN", required=False, help_text="Neuf chiffres, si vous le connaissez."
        ),
        "nature": forms.ChoiceField(
            label="Nature",
            required=False,
            choices=kinds(),
        ),
        **answers,
        "preuve": forms.CharField(
            label="D’où le savez-vous\u00a0?",
            required=False,
            max_length=500,
            help_text="Son site, un appel, ses statuts… Votre nom et la date sont gardés avec.",
        ),
        "unite": forms.CharField(**hidden),  # type: ignore[arg-type]
        "autre": forms.CharField(**hidden),  # type: ignore[arg-type]
    }
