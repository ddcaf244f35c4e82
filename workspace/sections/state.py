from typing import Any

from django import forms

from workspace.sections.base import Day, SectionForm, Year, of
from workspace.sections.picking import Organisations, Pick


class StateForm(SectionForm):
    slug = "etat"

    maturity = of(
        "maturity",
        label="Où en est le pôle\u00a0?",
        help_text=(
            "En projet\u00a0: les acteurs se réunissent. Émergent\u00a0: les premières actions "
            "communes sont lancées. Existant\u00a0: elles durent, avec une gouvernance."
        ),
    )
    maturity_year = Year(
        label="Constaté en quelle année\u00a0?",
        required=False,
        help_text="L’année pour laquelle vous le dites, comme 2025.",
    )
    founding_year = Year(
        label="Année de création",
        required=False,
        help_text="Celle où la démarche commune a commencé, même sans statuts.",
    )
    closed_on = Day(
        label="Date de fermeture",
        required=False,
        help_text="Seulement si le pôle a cessé ses activités.",
    )
    legal_person = Pick(
        Organisations(),
        label="Personne morale du pôle",
        required=False,
        help_text=(
            "Si le pôle est lui-même devenu une association, une SCIC… Elle n’est jamais comptée "
            "parmi ses propres membres. Une structure porteuse se dit dans «\u00a0Membres\u00a0»."
        ),
    )
    legal_form = of(
        "legal_form",
        help_text=(
            "Comme «\u00a0association\u00a0», «\u00a0SCIC\u00a0» ou «\u00a0convention de "
            "partenariat\u00a0»."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        closed, founded = cleaned.get("closed_on"), cleaned.get("founding_year")
        if closed and founded and closed.year < founded:
            wrong = forms.ValidationError("Un pôle ne ferme pas avant d’avoir été créé.")
            self.add_error("closed_on", wrong)
        return cleaned
