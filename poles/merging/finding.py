"""Records that are probably doubles of each other, for a person to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from members.models import Organisation
from networks.models import User
from networks.permissions import positions_of
from poles.finding import SHARED_SITES, bare_sql
from poles.models import Pole

_MOST = 50
# The same as `members.naming.organisation_key`, but for the acronyms in brackets.
_KEY = (
    "regexp_replace({}.normalised_name,"
    " '^(association|scic( sa| sas| sarl)?|scop( sa| sas| sarl)?) (?!d |de |des |du |pour )', '')"
)
_ORGANISATIONS = f"""
    WITH named AS (
        SELECT o.id, o.siren, o.normalised_name, {_KEY.format("o")} AS key,
            %(all)s OR EXISTS (
                SELECT FROM poles_membership m JOIN poles_pole p ON p.id = m.pole_id
                WHERE m.organisation_id = o.id AND p.reference_network_id = ANY(%(networks)s)
            ) AS mine
        FROM members_organisation o
    )
    SELECT a.id, b.id, 'même nom' FROM named a JOIN named b ON b.key = a.key AND a.id < b.id
    WHERE (a.mine OR b.mine) AND (a.siren IS NULL OR b.siren IS NULL OR a.siren = b.siren)
    ORDER BY a.normalised_name, a.id, b.id LIMIT {_MOST + 1}
"""  # noqa: S608
# One of the two is the person's, and both may be seen. Told of each pair where it is found: what
# would join the pairs again is planned as all of them.
_TO_BE_TOLD = "(a.mine OR b.mine) AND (a.mine OR a.published) AND (b.mine OR b.published)"
_POLES = rf"""
    WITH known AS (
        SELECT id, normalised_name, {bare_sql("normalised_name")} AS bare,
            nullif(core_normalise(acronym), '') AS acronym,
            nullif(lower(substring(website FROM '://(?:www\.)?([^/:]+)')), '') AS site,
            %(all)s OR reference_network_id = ANY(%(networks)s) AS mine,
            record_state = 'publie' AS published
        FROM poles_pole WHERE record_state <> 'archive'
    ), pairs AS (
        SELECT a.id AS one, b.id AS other, 1 AS strength, 'même nom' AS why
        FROM known a JOIN known b ON b.bare = a.bare AND a.id < b.id WHERE {_TO_BE_TOLD}
        UNION ALL
        SELECT a.id, b.id, 2, 'même sigle'
        FROM known a JOIN known b ON b.acronym = a.acronym AND a.id < b.id WHERE {_TO_BE_TOLD}
        UNION ALL
        SELECT least(a.id, b.id), greatest(a.id, b.id), 2, 'même sigle'
        FROM known a JOIN known b ON b.acronym = a.normalised_name AND a.id <> b.id
        WHERE {_TO_BE_TOLD}
        UNION ALL
        SELECT a.id, b.id, 3, 'même site internet'
        FROM known a JOIN known b ON b.site = a.site AND a.id < b.id
        WHERE a.site <> ALL(%(shared)s) AND {_TO_BE_TOLD}
    )
    SELECT one, other, min(strength), string_agg(DISTINCT why, ', ') FROM pairs
    GROUP BY one, other ORDER BY 3, one, other LIMIT {_MOST + 1}
"""  # noqa: S608


@dataclass(frozen=True)
class Pair[Record]:
    """Two records, the older first, and what they have in common, in words."""

    one: Record
    other: Record
    why: str


def probable_organisations(user: User) -> list[Pair[Organisation]]:
    """Of which one at least is in a pole of the person's networks; two statements."""
    rows = [(one, other, why) for one, other, why in _run(_ORGANISATIONS, user)]
    known = Organisation.objects.select_related("seat").in_bulk(_both(rows))
    return [Pair(known[one], known[other], why) for one, other, why in rows]


def probable_poles(user: User) -> list[Pair[Pole]]:
    """Of which one at least is kept by the person's networks; two statements."""
    rows = [(one, other, why) for one, other, _, why in _run(_POLES, user)]
    known = Pole.objects.select_related("seat").in_bulk(_both(rows))
    return [Pair(known[one], known[other], why) for one, other, why in rows]


def _run(statement: str, user: User) -> list[tuple]:
    given: dict[str, Any] = {
        "all": user.is_officer,
        "networks": [position.network for position in positions_of(user)],
        "shared": sorted(SHARED_SITES),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()[:_MOST]


def _both(rows: Sequence[tuple[int, int, str]]) -> set[int]:
    return {pk for one, other, _ in rows for pk in (one, other)}
