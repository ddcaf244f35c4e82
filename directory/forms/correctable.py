"""What anyone may correct in a record, in plain words, and how each is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy

from poles.models import Theme
from poles.record.fields import Field, Json, plain
from territories.finding import candidates
from territories.models import Territory

_ANSWERS = {"oui": True, "non": False, "": None}
_NAMED = 8


class _Boxes(forms.CheckboxSelectMultiple):
    """Sent with an empty value beside its boxes: none ticked is not the same as not sent."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in super().value_from_datadict(data, files, name) or [] if value]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class CommuneField(forms.CharField):
    """A commune by its name, old or new, or its postal code; its value is a primary key or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs |= {
            "autocomplete": "off",
            "data-combobox": reverse_lazy("directory:suggestions"),
            "data-combobox-type": "commune",
            "data-commune": "",
        }

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = candidates(typed)
        if found.meant is not None and not found.close:
            return found.meant.pk
        named = [each.commune.label for each in found.found[:_NAMED]]
        if not named:
            raise ValidationError("Aucune commune ne porte ce nom ni ce code postal.")
        raise ValidationError(f"Précisez laquelle\u00a0: {', '.join(named)}.")


@dataclass(frozen=True)
class Correctable:
    """A key of the record, what it is called, and a word of help."""

    key: str
    label: str
    help: str = ""

    def field(self, known: Field) -> forms.Field:
        """The form's field; nothing is required, since only what is changed is sent."""
        column = known.column
        label = self.label if self.label.endswith("?") else f"{self.label}\u00a0: ce qui est juste"
        named: dict[str, Any] = {"label": label, "help_text": self.help, "required": False}
        if known.many:
            choices = [(str(theme.pk), theme.name) for theme in Theme.objects.all()]
            return forms.MultipleChoiceField(choices=choices, widget=_Boxes, **named)
        if column.is_relation:
            return CommuneField(**named)
        if isinstance(column, models.BooleanField):
            answers = [("oui", "oui"), ("non", "non"), ("", "on ne sait pas")]
            return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, **named)
        if column.choices:
            return forms.ChoiceField(choices=column.choices, **named)
        field = column.formfield(**named)
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        if isinstance(field, forms.IntegerField):
            field.widget = forms.TextInput(attrs={"inputmode": "numeric"})
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 6
        return field


POLE = (
    Correctable("name", "Le nom du pôle"),
    Correctable("acronym", "Son sigle"),
    Correctable("summary", "Ce qu’il fait, en une phrase"),
    Correctable("description", "Sa description"),
    Correctable("themes", "Ses thèmes"),
    Correctable(
        "seat", "La commune de son siège", "Son nom, avec le département s’il y en a plusieurs"
    ),
    Correctable("address", "Son adresse postale"),
    Correctable("maturity", "Où il en est", "En projet, émergent, existant, en sommeil ou clos"),
    Correctable("founding_year", "Son année de création", "Quatre chiffres, comme 2014"),
    Correctable("closed_on", "La date de sa fermeture"),
    Correctable("legal_form", "Sa forme juridique", "Association, SCIC, SCOP…"),
    Correctable("website", "Son site internet", "Adresse entière, comme https://exemple.fr"),
    Correctable("contact_email", "Son adresse électronique", "Celle du pôle, non d’une personne"),
    Correctable("contact_phone", "Son téléphone"),
)
ORGANISATION = (
    Correctable("name", "Le nom de l’organisation"),
    Correctable("acronym", "Son sigle"),
    Correctable("kind", "Sa nature"),
    Correctable("siren", "Son numéro SIREN", "Neuf chiffres"),
    Correctable("seat", "La commune de son siège", "Son nom, avec le département"),
    Correctable("website", "Son site internet", "Adresse entière, comme https://exemple.fr"),
    Correctable("closed_on", "La date de sa fermeture"),
    Correctable("is_ess", "Est-elle une entité de l’économie sociale et solidaire\u00a0?"),
    Correctable("is_training_body", "Est-elle un organisme de formation déclaré\u00a0?"),
    Correctable("is_commercial", "Est-elle une entreprise commerciale hors de l’ESS\u00a0?"),
)


def typed_of(known: Field, value: Json, names: Mapping[int, str]) -> Any:
    """A value of the record as its form's field shows it; ``names``: territories by number."""
    if known.many:
        return [str(pk) for pk in value or []]
    if known.column.is_relation:
        return names.get(value, "")
    if isinstance(known.column, models.BooleanField):
        return next(word for word, answer in _ANSWERS.items() if answer is value)
    if isinstance(known.column, models.DateField):
        return known.column.to_python(value)
    return "" if value is None else value


def json_of(known: Field, cleaned: Any) -> Json:
    """The value of the record that the form's field holds."""
    if known.many:
        return sorted(int(pk) for pk in cleaned)
    if isinstance(known.column, models.BooleanField):
        return _ANSWERS[cleaned]
    if isinstance(cleaned, str):
        # A browser ends its lines as no other program does.
        cleaned = cleaned.replace("\r\n", "\n")
        return cleaned or ("" if not known.column.null else None)
    if isinstance(cleaned, date):
        return plain(known.column, cleaned)
    return cleaned


def seat_names(*values: Mapping[str, Json]) -> dict[int, str]:
    """The territories that the seats of some records name; one statement, or none."""
    pks = {each["seat"] for each in values if each.get("seat")}
    seats = Territory.objects.filter(pk__in=pks) if pks else []
    return {seat.pk: seat.label for seat in seats}
