"""What the list and the map show of a selection of poles: cards, filters in use, ways on."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.safestring import SafeString

from catalogue.excerpts import Answering, Excerpt, excerpts
from catalogue.facets import Counted
from catalogue.fields import NOT_GIVEN
from catalogue.filters import PoleFilterSet
from catalogue.models import PoleIndex, Precision
from catalogue.reference import reference
from core.text import normalise
from networks.models import Network
from poles.models import Recognition
from territories.models import Territory, TerritoryKind

# What a link to the same selection does not carry: an order is not a filter, nor is a view.
_NOT_FILTERS = ("page", "tri", "vue", "integration")
_THEMES_ON_A_CARD = 3
_NAMED_PLACES = 3


_RECOGNITIONS = {
    str(state.value): str(state.label) for state in Recognition if state != Recognition.NONE
}


@dataclass(frozen=True)
class Card:
    """A pole in the list, with its name escaped and marked where it matches."""

    row: PoleIndex
    name: SafeString
    excerpts: list[Excerpt]
    themes: list[str]
    more_themes: int
    distance: float | None
    verdict: str
    # Nothing where the registry has not recognised it.
    recognition: str

    @property
    def approximate(self) -> bool:
        return (self.row.precision or 0) > Precision.COMMUNE


@dataclass(frozen=True)
class UsedFilter:
    """A filter in use, and the query string without it."""

    label: str
    query: str


def cards(asked: PoleFilterSet, rows: list[PoleIndex]) -> list[Card]:
    """The rows as cards; one statement when something was typed, none otherwise."""
    answering = excerpts(asked.text, asked.found, [row.pole_id for row in rows])
    nothing = Answering()
    known = reference().themes
    return [
        Card(
            row,
            answering.get(row.pole_id, nothing).name or SafeString(escape(row.pole.name)),
            answering.get(row.pole_id, nothing).excerpts,
            [known.get(slug, slug) for slug in row.themes[:_THEMES_ON_A_CARD]],
            max(0, len(row.themes) - _THEMES_ON_A_CARD),
            getattr(row, "distance", None),
            row.verdict_today,  # type: ignore[attr-defined]
            _RECOGNITIONS.get(row.recognition, ""),
        )
        for row in rows
    ]


def alert_query(asked: PoleFilterSet) -> str:
    """The query string of the alert on this list; empty where no alert says just that."""
    followed = {name: asked.values.get(name, []) for name in ("region", "theme")}
    others = set(asked.conditions) - set(followed)
    if others or any(len(values) > 1 or NOT_GIVEN in values for values in followed.values()):
        return ""
    return urlencode({name: values[0] for name, values in followed.items() if values})


def filters_query(asked: QueryDict) -> QueryDict:
    """The query string without what is not a filter and without empty values."""
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        given = [value for value in values if value]
        if given and name not in _NOT_FILTERS:
            kept.setlist(name, given)
    return kept


def _without(asked: QueryDict, *names: str, value: str = "") -> str:
    kept = filters_query(asked)
    for name in names:
        if value:
            kept.setlist(name, [each for each in kept.getlist(name) if each != value])
        else:
            kept.pop(name, None)
    return kept.urlencode()


def used_filters(asked: PoleFilterSet) -> list[UsedFilter]:
    """Each filter in use, in words, with the way to take it off."""
    used = []
    query = asked.asked
    if asked.text:
        used.append(UsedFilter(f"«\u00a0{asked.text}\u00a0»", _without(query, "q")))
    for name, values in asked.values.items():
        each = asked.filters[name]
        labels = dict(each.field.known())
        used += [
            UsedFilter(f"{each.label}\u00a0: {labels[value]}", _without(query, name, value=value))
            for value in values
        ]
    radius = f"{asked.radius:g}"
    if asked.commune is not None:
        around = f", et à {radius}\u00a0km" if asked.radius_km and asked.near is None else ""
        used.append(
            UsedFilter(
                f"Commune\u00a0: {asked.commune.label}{around}", _without(query, "commune", "rayon")
            )
        )
    if asked.epci is not None:
        used.append(UsedFilter(f"EPCI\u00a0: {asked.epci.name}", _without(query, "epci")))
    if asked.near is not None:
        used.append(
            UsedFilter(
                f"À moins de {radius}\u00a0km de {asked.near.label}",
                _without(query, "pres", "lat", "lon", "rayon"),
            )
        )
    return used


def named_places(asked: PoleFilterSet) -> list[Territory]:
    """The places of just that name or postal code, so that "st etienne" leads to the town too."""
    words = normalise(asked.text)
    # Who has chosen a place already is not led to another.
    if not words or asked.commune is not None or asked.near is not None:
        return []
    called = Q(normalised_name=words)
    if words.isdigit():
        called |= Q(postal_codes__contains=[words])
    return list(
        Territory.objects.current()
        .filter(called)
        .exclude(kind=TerritoryKind.EPCI)
        .order_by("-population", "id")[:_NAMED_PLACES]
    )


def contacts(asked: PoleFilterSet) -> list[Network]:
    """Whom to ask: the networks of the régions that were asked for, else the national ones."""
    codes = [*asked.values.get("region", [])]
    codes += [
        reference().departements[code].region
        for code in asked.values.get("departement", [])
        if code in reference().departements
    ]
    if asked.commune is not None and asked.commune.region is not None:
        codes.append(asked.commune.region.code)
    networks = Network.objects.order_by("name")
    if codes:
        return list(networks.filter(regions__code__in=codes).distinct())
    return list(networks.filter(regions=None))


def region_counts(asked: PoleFilterSet, counted: Counted) -> dict[str, int]:
    """How many poles answer in each région, every filter counted."""
    chosen = asked.values.get("region")
    return {code: n for code, n in counted.by_region.items() if not chosen or code in chosen}
