from typing import Any

from workspace.sections.base import Day, SectionForm, YesNo, of

_BASIS = "Dites sur quelle base vous le savez."
_DAY = "Dites à quelle date vous l’avez constaté."


class ZoningForm(SectionForm):
    slug = "zonages"

    rural_area = YesNo(
        label="Le pôle est-il en zone rurale\u00a0?",
        help_text="Par exemple si sa commune est classée France ruralités revitalisation (FRR).",
    )
    rural_basis = of(
        "rural_basis",
        label="Zone rurale\u00a0: sur quelle base\u00a0?",
        help_text=(
            "Comme «\u00a0arrêté FRR du 19 juin 2024\u00a0» ou «\u00a0grille de densité, "
            "INSEE\u00a0»."
        ),
    )
    rural_on = Day(label="Zone rurale\u00a0: constaté le", required=False)
    priority_district = YesNo(
        label="Est-il dans un quartier prioritaire de la politique de la ville\u00a0?",
        help_text="Les périmètres se vérifient à l’adresse sur sig.ville.gouv.fr.",
    )
    priority_basis = of(
        "priority_basis",
        label="Quartier prioritaire\u00a0: sur quelle base\u00a0?",
        help_text="Comme «\u00a0QPV Villeneuve, sig.ville.gouv.fr\u00a0».",
    )
    priority_on = Day(label="Quartier prioritaire\u00a0: constaté le", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for known, basis, day in (
            ("rural_area", "rural_basis", "rural_on"),
            ("priority_district", "priority_basis", "priority_on"),
        ):
            if cleaned.get(known) is None:
                continue
            if not cleaned.get(basis) and basis not in self.errors:
                self.add_error(basis, _BASIS)
            if not cleaned.get(day) and day not in self.errors:
                self.add_error(day, _DAY)
        return cleaned
