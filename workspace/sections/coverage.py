from workspace.sections.base import SectionForm, of
from workspace.sections.picking import Pick, Territories


class CoverageForm(SectionForm):
    slug = "territoire"

    coverage = Pick(
        Territories(),
        several=True,
        label="Territoires où le pôle agit",
        required=False,
        help_text=(
            "Une ou plusieurs communes, intercommunalités, départements ou régions. Décochez pour "
            "retirer."
        ),
    )
    coverage_words = of(
        "coverage_words",
        label="En mots",
        help_text=(
            "Ce que la liste ne dit pas\u00a0: un pays, un quartier, un bassin d’emploi, une "
            "vallée."
        ),
    )
