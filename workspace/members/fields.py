"""The fields by which one says what an organisation is."""

from typing import Any

from django import forms

from members.finding import number_in
from members.kinds import OrganisationKind

ANSWERS = [("", "Je ne sais pas"), ("oui", "Oui"), ("non", "Non")]
YES_NO = {"oui": True, "non": False}
CONTRADICTS = "La nature choisie dit le contraire."
HELP = {
    "is_commercial": "Une société ou une entreprise individuelle, hors de l’ESS.",
    "is_ess": "Coopérative, mutuelle, fondation, association, ou société commerciale de l’ESS.",
    "is_training_body": "Déclaré auprès de l’État.",
    "is_non_ess_grouping": "Un club d’entreprises, par exemple.",
    "is_legal_person": "Un IUT ou un GRETA n’en est pas une.",
}


class Siren(forms.CharField):
    """Nine digits, or the fourteen of a SIRET, spaced or not."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        siren = number_in(text)
        if text and not siren:
            raise forms.ValidationError(
                "Ce numéro n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres) valide."
            )
        return siren


def kinds() -> list[tuple[str, str]]:
    known = [kind for kind in OrganisationKind if kind != OrganisationKind.UNKNOWN]
    return [("", "Je ne sais pas"), *[(kind.value, _capital(str(kind.label))) for kind in known]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
