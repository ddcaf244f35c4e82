"""Territories by what one types of them: a name, even an old one, or a postal code."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, Value, When

from core.text import normalise
from territories.models import FormerCommune, Territory, TerritoryKind

_FOUND, _CLOSE = 40, 8
_WITH_DEPARTEMENT = re.compile(r"^(.*?)\s*\((\d{2,3}|2[ABab])\)\s*$")
# The largest first: who types « Réunion » more often means the région than a village.
_KIND_ORDER = Case(
    When(kind=TerritoryKind.REGION, then=Value(0)),
    When(kind=TerritoryKind.DEPARTEMENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def begin_with(
    words: str, typed: str, kinds: Collection[TerritoryKind], most: int
) -> list[Territory]:
    """Territories of ``kinds`` whose name begins with ``words``, the likeliest first.

    ``words``: ``typed`` as `normalise` makes it. A commune answers to its old names and to its
    postal codes too. At most two statements.
    """
    named = Q(normalised_name__startswith=words)
    if typed.isdigit():
        named |= Q(postal_codes__contains=[typed])
    current = Territory.objects.current().filter(named, kind__in=kinds)
    found = list(current.order_by(_KIND_ORDER, "-population", "name", "pk")[:most])
    if len(found) < most and TerritoryKind.COMMUNE in kinds:
        found += [
            former.commune
            for former in FormerCommune.objects.filter(normalised_name__startswith=words)
            .exclude(commune__in=[territory.pk for territory in found])
            .select_related("commune")
            .order_by("name", "id")[: most - len(found)]
        ]
    return list(dict.fromkeys(found))


def commune_of(code: str) -> Territory | None:
    """The commune of an INSEE code; of an old code or an arrondissement, the one it is in today."""
    communes = Territory.objects.communes()
    found = communes.current().filter(code=code).first() if code else None
    if found is None and code:
        former = FormerCommune.objects.filter(code=code, commune__gone_on=None)
        old = former.select_related("commune").order_by("id").first()
        found = old.commune if old else None
    return found


@dataclass(frozen=True)
class Meant:
    """The only territory that what was typed can mean, or those among which to choose."""

    territory: Territory | None = None
    among: Sequence[Territory] = ()


def meant(typed: str, kinds: Collection[TerritoryKind]) -> Meant:
    """What was typed without choosing among proposals; at most six statements."""
    words = normalise(typed)
    if not words:
        return Meant()
    others = set(kinds) - {TerritoryKind.COMMUNE}
    whole = normalise(_WITH_DEPARTEMENT.sub(r"\1", typed.strip()))
    bearing: list[Territory] = []
    if others:
        named = Territory.objects.current().filter(normalised_name=whole, kind__in=others)
        bearing = list(named.order_by(_KIND_ORDER, "code")[:_CLOSE])
    communes = candidates(typed) if TerritoryKind.COMMUNE in kinds else Candidates([])
    bearing += [
        each.commune
        for each in communes.found
        if normalise(each.former or each.commune.name) == whole
    ]
    if bearing:
        return Meant(bearing[0]) if len(bearing) == 1 else Meant(among=bearing[:_CLOSE])
    if communes.meant is not None:
        return Meant(communes.meant)
    among = [] if communes.close else [each.commune for each in communes.found]
    among = among or begin_with(words, typed.strip(), others, _CLOSE)
    if len(among) == 1:
        return Meant(among[0])
    return Meant(among=(among or [each.commune for each in communes.found])[:_CLOSE])


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
