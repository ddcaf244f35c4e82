"""Poles of the registry that are likely to be the one that somebody names."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection

from core.text import normalise
from poles.models import Pole, RecordState
from territories.models import Territory

_LEAST = 0.5
_MOST = 5
_LONGEST = 250
# Words that most names share: two poles are not alike for being poles.
_COMMON = r"\m({})\M".format(
    "|".join(
        "pole poles ptce territorial territoriale cooperation economique "
        "de du des la le les l d et en".split()
    )
)
# Sites of everyone, where any pole may have its page.
SHARED_SITES = frozenset("facebook.com linkedin.com instagram.com helloasso.com linktr.ee".split())
_FIND = rf"""
    SELECT id, likeness + nearness FROM (
        SELECT pole.id,
            CASE WHEN pole.acronym <> ''
                    AND core_normalise(pole.acronym) IN (%(words)s, %(acronym)s) THEN 1.0
                WHEN pole.normalised_name = %(acronym)s THEN 1.0
                WHEN lower(substring(pole.website FROM '://(?:www\.)?([^/:]+)')) = %(site)s
                    THEN 0.9
                ELSE greatest(
                    similarity(bare.name, wanted.name),
                    0.9 * word_similarity(wanted.name, bare.name),
                    0.9 * word_similarity(bare.name, wanted.name)
                )
            END AS likeness,
            CASE WHEN seat.id = %(commune)s THEN 0.15
                WHEN seat.departement_id = %(departement)s THEN 0.05 ELSE 0 END AS nearness
        FROM poles_pole AS pole
        LEFT JOIN territories_territory AS seat ON seat.id = pole.seat_id
        CROSS JOIN LATERAL (SELECT {{bare_pole}} AS name) AS bare
        CROSS JOIN LATERAL (SELECT {{bare_wanted}} AS name) AS wanted
        WHERE pole.record_state = ANY(%(states)s)
    ) AS compared
    WHERE likeness + nearness >= {_LEAST} AND likeness >= {_LEAST - 0.1}
    ORDER BY 2 DESC, id LIMIT {_MOST}
"""  # noqa: S608


def bare_sql(words: str) -> str:
    """SQL: the words that are a name's own; all of them where it has no other."""
    kept = f"btrim(regexp_replace({words}, '{_COMMON}', '', 'g'))"
    return f"coalesce(nullif({kept}, ''), {words})"


_STATEMENT = _FIND.format(
    bare_pole=bare_sql("pole.normalised_name"), bare_wanted=bare_sql("%(words)s::text")
)


@dataclass(frozen=True)
class Likely:
    """A pole and how near it is: 1 is the same name, and a little more in the same commune.

    ``why``: what they have in common, in words, the strongest first.
    """

    pole: Pole
    score: float
    why: tuple[str, ...] = ()


def likely_poles(
    name: str,
    commune: Territory | None = None,
    *,
    acronym: str = "",
    website: str = "",
    published_only: bool = False,
) -> list[Likely]:
    """The likeliest first; four statements at most. Archived records are none."""
    words = normalise(name[:_LONGEST])
    if not words:
        return []
    short, site = normalise(acronym[:_LONGEST]), site_of(website)
    states = [RecordState.PUBLISHED]
    if not published_only:
        states += [RecordState.DRAFT, RecordState.SUBMITTED]
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "words": words,
                # NULL is the same as nothing.
                "acronym": short or None,
                "site": site or None,
                "commune": commune.pk if commune else None,
                "departement": commune.departement_id if commune else None,
                "states": [str(state) for state in states],
            },
        )
        scores = dict(cursor.fetchall())
    # What tells who may see a record comes with it.
    poles = Pole.objects.filter(pk__in=scores).select_related("seat")
    poles = poles.prefetch_related("networks", "coverage")
    likely = [
        Likely(pole, float(scores[pole.pk]), tuple(_why(pole, words, short, site, commune)))
        for pole in poles
    ]
    return sorted(likely, key=lambda each: (-each.score, each.pole.pk))


def site_of(website: str) -> str:
    """The name of a site that is a pole's own; empty for one that anybody may use."""
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if host in SHARED_SITES else host


def _why(
    pole: Pole, words: str, acronym: str, site: str, commune: Territory | None
) -> Iterator[str]:
    names = {normalise(pole.name), normalise(pole.acronym)} - {""}
    if normalise(pole.name) == words:
        yield "même nom"
    elif names & {words, acronym}:
        yield "même sigle"
    if site and site == site_of(pole.website):
        yield "même site internet"
    elif words not in names and acronym not in names:
        yield "nom proche"
    if commune is not None and pole.seat_id == commune.pk:
        yield "même siège"
