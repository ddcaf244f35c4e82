from typing import Any

from workspace.sections.base import Day, SectionForm, of


class ContactForm(SectionForm):
    slug = "contact"

    contact_email = of(
        "contact_email",
        help_text=(
            "Une adresse du pôle ou de sa structure porteuse, pas celle d’une personne. Elle "
            "reçoit une fois l’an le lien par lequel le pôle confirme sa fiche."
        ),
    )
    contact_phone = of("contact_phone", help_text="Le standard, comme 01 23 45 67 89.")
    contact_name = of(
        "contact_name",
        help_text=(
            "Facultatif. Un nom est une donnée personnelle\u00a0: il n’est enregistré qu’avec "
            "l’accord de la personne."
        ),
    )
    contact_consent_on = Day(
        label="La personne a donné son accord le",
        required=False,
        help_text="Obligatoire si un nom est indiqué.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            cleaned.get("contact_name")
            and not cleaned.get("contact_consent_on")
            and "contact_consent_on" not in self.errors
        ):
            self.add_error(
                "contact_consent_on",
                "Dites quand la personne a donné son accord, ou retirez son nom.",
            )
        return cleaned
