from typing import Any

from django.http import HttpRequest

from poles.models import Pole
from territories.models import Territory, TerritoryKind
from workspace.sections.base import SectionForm, of
from workspace.sections.picking import Pick, Territories, named

# The names that the outlines have in static/workspace/coverage.js.
_DRAWN = {"regions": TerritoryKind.REGION, "departements": TerritoryKind.DEPARTEMENT}


class CoverageForm(SectionForm):
    slug = "territoire"
    fields_template = "workspace/form/coverage.html"
    mapped = True

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

    def context(self, request: HttpRequest, pole: Pole) -> dict[str, Any]:
        """What the outlines of the map stand for, by their code."""
        rows = Territory.objects.current().filter(kind__in=_DRAWN.values()).order_by("code")
        drawn: dict[str, dict[str, Any]] = {level: {} for level in _DRAWN}
        for row in rows:
            level = next(level for level, kind in _DRAWN.items() if kind == row.kind)
            pk, label = named(row)
            drawn[level][row.code] = {"pk": pk, "label": label}
        return {"places": {"places": drawn}}
