"""A commune as a mayor asks for it: by its name, old or new, and the poles around it."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from catalogue.models import PoleIndex, Precision
from catalogue.places import commune_or_epci, covering, point_of, with_distance
from core.text import normalise
from directory.queries.first import BY_NAME, NEAREST_FIRST, first_rows
from territories.models import FormerCommune, Territory, TerritoryKind

SHOWN = 20
_FOUND, _CLOSE = 40, 8
_WITH_DEPARTEMENT = re.compile(r"^(.*?)\s*\((\d{2,3}|2[ABab])\)\s*$")


@dataclass(frozen=True)
class Candidate:
    """A commune that may be meant; ``former``: what it took in, when that bore the name."""

    commune: Territory
    former: str = ""


@dataclass(frozen=True)
class Candidates:
    found: list[Candidate]
    # The only one that can be meant: there is nothing to choose.
    meant: Territory | None = None
    # Nothing bears the name that was typed: these are only close to it.
    close: bool = False
    # Others answer too, and are not among these.
    more: bool = False


def candidates(typed: str) -> Candidates:
    """The communes that may be meant, at most three statements."""
    wanted, departement = typed.strip(), ""
    if split := _WITH_DEPARTEMENT.match(wanted):
        wanted, departement = split[1], split[2].upper()
    words = normalise(wanted)
    if not words:
        return Candidates([])
    communes = Territory.objects.communes().current().select_related("departement", "epci")
    formers = FormerCommune.objects.select_related("commune__departement", "commune__epci").filter(
        commune__gone_on=None
    )
    if departement:
        communes = communes.filter(departement__code=departement)
        formers = formers.filter(commune__departement__code=departement)
    named = Q(normalised_name__startswith=words)
    if words.isdigit():
        named = Q(postal_codes__contains=[words]) | Q(code=words)
    exact = Case(
        When(normalised_name=words, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    ranked = list(communes.filter(named).order_by(exact, "-population", "code")[:_FOUND])
    old = {
        former.commune_id: former
        for former in formers.filter(normalised_name=words).order_by("-name", "-code")[:_FOUND]
    }
    # A name that a commune bore is nearer to what was typed than one that only begins like it.
    bearing = [Candidate(commune) for commune in ranked if commune.normalised_name == words]
    seen = {each.commune.pk for each in bearing}
    bearing += [
        Candidate(former.commune, former.name) for pk, former in old.items() if pk not in seen
    ]
    seen |= old.keys()
    found = bearing + [Candidate(commune) for commune in ranked if commune.pk not in seen]
    if found:
        # With its département, a whole name is enough: that others begin like it changes nothing.
        possible = bearing if departement and bearing else found
        meant = possible[0].commune if len(possible) == 1 else None
        return Candidates(found, meant, more=len(ranked) == _FOUND)
    near = (
        communes.filter(normalised_name__trigram_similar=words)
        .annotate(closeness=TrigramSimilarity("normalised_name", words))
        .order_by("-closeness", "-population", "code")
    )
    return Candidates([Candidate(commune) for commune in near[:_CLOSE]], close=True)


def commune_today(code: str) -> Territory | None:
    """The commune of this code, or the one that an old code resolves to."""
    commune = commune_or_epci(TerritoryKind.COMMUNE, code)
    return commune if commune is not None and commune.gone_on is None else None


@dataclass(frozen=True)
class Around:
    """The poles that matter to a commune; each list has one more than is shown, when there is."""

    covering: list[PoleIndex]
    near: list[PoleIndex]
    approximate: list[PoleIndex]


def poles_around(commune: Territory, kilometres: float) -> Around:
    """Those that cover it, those near it, those somewhere in its région; three statements."""
    point = point_of(commune)
    rows = PoleIndex.objects.order_by()
    covers = covering(commune)
    elsewhere = rows.exclude(covers)
    return Around(
        covering=first_rows(rows.filter(covers), BY_NAME, SHOWN + 1),
        near=first_rows(
            with_distance(elsewhere, point).filter(point.within(kilometres)),
            NEAREST_FIRST,
            SHOWN + 1,
        )
        if point is not None
        else [],
        approximate=first_rows(_approximate(elsewhere, commune), BY_NAME, SHOWN + 1),
    )


def _approximate(rows: QuerySet[PoleIndex], commune: Territory) -> QuerySet[PoleIndex]:
    departement, region = commune.departement, commune.region
    here = Q(departement=departement.code) if departement is not None else Q()
    if region is not None:
        here |= Q(departement="", region=region.code)
    return rows.filter(here, precision__gt=Precision.COMMUNE)
