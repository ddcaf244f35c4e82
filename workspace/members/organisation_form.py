"""An organisation as a form: what names it, what it is, and where that is known from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from core.typed import typed_day
from members.kinds import CERTAIN_FACTS, FACT_LABELS, FACTS, OrganisationKind
from poles.record import ORGANISATION_FIELDS
from poles.record.fields import Json
from workspace.members.fields import ANSWERS, CONTRADICTS, HELP, YES_NO, Siren, kinds
from workspace.sections.base import Typed, as_query, frame
from workspace.sections.rows import TypedDay

NAMES = ("name", "acronym", "siren", "website", "kind", *FACTS, "closed_on")
_WORDS = {True: "oui", False: "non", None: ""}


class OrganisationForm(forms.Form):
    """``values``: those of `NAMES`, as the record holds them."""

    name = forms.CharField(label="Nom", max_length=250)
    acronym = forms.CharField(label="Sigle", max_length=60, required=False)
    siren = Siren(label="SIREN", required=False, help_text="Neuf chiffres.")
    website = forms.URLField(
        label="Site internet", max_length=500, required=False, assume_scheme="https"
    )
    kind = forms.ChoiceField(
        label="Nature", required=False, help_text="Ce qu’elle rend certain se remplit tout seul."
    )
    closed_on = TypedDay(
        label="Fermée le",
        last=True,
        help_text="Si elle n’existe plus\u00a0: elle ne compte plus dans aucune composition.",
    )
    preuve = forms.CharField(
        label="D’où le savez-vous\u00a0?",
        required=False,
        max_length=500,
        help_text=(
            "Pour sa nature et ses qualités\u00a0: son site, un appel, ses statuts… Votre nom et "
            "la date sont gardés avec."
        ),
    )
    field_order = ("name", "acronym", "siren", "website", "kind", *FACTS, "preuve", "closed_on")

    def __init__(self, values: Mapping[str, Json], data: Typed | None = None) -> None:
        self.values = values
        super().__init__(None if data is None else as_query(data))
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        for fact, label in FACT_LABELS.items():
            self.fields[fact] = forms.ChoiceField(
                label=label[:1].upper() + label[1:],
                choices=ANSWERS,
                required=False,
                help_text=HELP[fact],
            )
        self.order_fields(self.field_order)
        self.initial = _shown(values)
        for field in self.fields.values():
            frame(field.widget)

    def clean(self) -> dict[str, Any]:
        kind = OrganisationKind(self.cleaned_data.get("kind") or OrganisationKind.UNKNOWN)
        for fact, certain in CERTAIN_FACTS[kind].items():
            said = YES_NO.get(self.cleaned_data.get(fact) or "")
            if said is None or (fact not in self.changed_data and "kind" in self.changed_data):
                # What the new kind says takes the place of what was known.
                self.cleaned_data[fact] = _WORDS[certain]
            elif said != certain:
                self.add_error(fact, CONTRADICTS)
        return self.cleaned_data

    def after(self) -> dict[str, Json]:
        """The values that were typed, once the form is valid."""
        typed = self.cleaned_data
        return {
            "name": typed["name"],
            "acronym": typed["acronym"],
            "siren": typed["siren"] or None,
            "website": typed["website"],
            "kind": typed["kind"] or OrganisationKind.UNKNOWN.value,
            **{fact: YES_NO.get(typed[fact]) for fact in FACTS},
            "closed_on": typed["closed_on"],
        }

    def refuse(self, errors: Mapping[str, list[str]]) -> None:
        for key, messages in errors.items():
            for message in messages:
                self.add_error(key if key in self.fields else None, message)


def _shown(values: Mapping[str, Json]) -> dict[str, Any]:
    known = values["kind"] != OrganisationKind.UNKNOWN
    closed = values["closed_on"]
    return {
        **{name: values[name] or "" for name in ("name", "acronym", "siren", "website")},
        "kind": values["kind"] if known else "",
        **{fact: _WORDS[values[fact]] for fact in FACTS},
        "closed_on": typed_day(date.fromisoformat(closed), last=True) if closed else "",
    }


def label_of(name: str) -> str:
    label = ORGANISATION_FIELDS[name].label
    return label[:1].upper() + label[1:]
