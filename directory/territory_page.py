"""What the pages of a région and of a département share."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.http import QueryDict

from catalogue.filters import PoleFilterSet
from catalogue.reference import Place, reference
from catalogue.results import PAGE_SIZE
from directory.map_context import map_context
from directory.queries.first import BY_NAME, first_rows
from directory.queries.territory import Summary
from directory.selection import cards
from poles.models import Maturity


@dataclass(frozen=True)
class Counted:
    """A value of a filter, how many poles have it, and the query string of their list."""

    label: str
    count: int
    query: str


# What is not known of some poles: the key of Summary.missing, the words, and the filter for them.
_MISSING: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("commune", "sans commune connue", {}),
    ("themes", "sans thème", {"theme": "non-renseigne"}),
    ("founding_year", "sans année de création", {}),
    ("website", "sans site internet", {}),
    ("members", "sans aucun membre actif connu", {"membre": "non-renseigne"}),
    ("members_confirmed", "dont la liste des membres n’est pas confirmée complète", {}),
    ("confirmed", "dont la fiche n’est pas confirmée", {}),
)


def territory_context(
    kind: Literal["region", "departement"], place: Place, summary: Summary
) -> dict[str, object]:
    """Figures, map and first cards of a territory; one statement when it has poles."""
    query = f"{kind}={place.code}"
    known = reference()
    asked = PoleFilterSet(QueryDict(query))
    rows = []
    if summary.total:
        rows = first_rows(asked.rows(), BY_NAME, PAGE_SIZE)
    return {
        "place": place,
        "query": query,
        "summary": summary,
        "cards": cards(asked, rows),
        "more": summary.total > len(rows),
        "map": map_context({}, query)
        | {"drawn": None, "query": query, "region": place.code if kind == "region" else ""},
        "maturities": [
            Counted(str(label).capitalize(), summary.maturities[value], f"{query}&maturite={value}")
            for value, label in Maturity.choices
            if value in summary.maturities
        ],
        "themes": [
            Counted(name, summary.themes[slug], f"{query}&theme={slug}")
            for slug, name in sorted(
                known.themes.items(), key=lambda each: -summary.themes.get(each[0], 0)
            )
            if slug in summary.themes
        ],
        "missing": [
            Counted(
                words,
                summary.missing[key],
                f"{query}&{urlencode(filters)}" if filters else "",
            )
            for key, words, filters in _MISSING
            if summary.missing.get(key)
        ],
    }
