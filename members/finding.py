"""Organisations of the registry that are likely to be the one that somebody names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from stdnum.fr import siren as siren_number

from core.text import normalise
from members.models import Organisation
from members.naming import BRACKETED_ACRONYM, organisation_key

MOST_LETTERS = 200
_SAME_SIREN, _SAME_NAME, _SAME_ACRONYM = 4.0, 3.0, 2.0
# Names that are nearer than this are shown before another is made. Trigrams: 1 is the same.
_NEAR, _WITHIN = 0.5, 0.85

_FIND = """
    SELECT id, max(score) FROM (
        SELECT id, 5.0 AS score FROM members_organisation WHERE siren = %(siren)s
        UNION ALL
        SELECT id, 3.0 FROM members_organisation
        WHERE acronym <> '' AND core_normalise(acronym) LIKE %(words)s || '%%'
        UNION ALL
        SELECT id, CASE WHEN normalised_name LIKE %(words)s || '%%' THEN 2.0 ELSE 1.0 END
            + similarity(normalised_name, %(words)s)
        FROM members_organisation WHERE {every_word}
        UNION ALL
        (SELECT id, word_similarity(%(words)s, normalised_name) AS score
        FROM members_organisation WHERE %(words)s <%% normalised_name
        ORDER BY score DESC, id LIMIT 20)
    ) found GROUP BY id ORDER BY 2 DESC, id LIMIT %(most)s
"""
# The limits are set first, for this statement alone: what is less alike would be thrown away, and
# the index need not bring it.
_DOUBLES = f"""
    WITH limits AS MATERIALIZED (
        SELECT set_config('pg_trgm.similarity_threshold', '{_NEAR}', true),
            set_config('pg_trgm.word_similarity_threshold', '{_WITHIN}', true)
    ), wanted AS MATERIALIZED (
        SELECT wanted.* FROM limits
        CROSS JOIN unnest(%s::int[], %s::text[], %s::text[], %s::text[])
            AS wanted (place, words, key, siren)
    )
    SELECT place, id, max(score) FROM (
        SELECT place, o.id, {_SAME_SIREN} AS score
        FROM wanted JOIN members_organisation o USING (siren)
        UNION ALL
        SELECT place, o.id, {_SAME_NAME}
        FROM wanted JOIN members_organisation o ON o.normalised_name = words
        UNION ALL
        SELECT place, o.id, {_SAME_NAME}
        FROM wanted JOIN members_organisation o ON o.normalised_name = key
        UNION ALL
        SELECT place, o.id, {_SAME_ACRONYM}
        FROM wanted JOIN members_organisation o ON core_normalise(o.acronym) = words
        WHERE o.acronym <> ''
        UNION ALL
        SELECT place, near.id, near.score
        FROM wanted CROSS JOIN LATERAL (
            SELECT id, similarity(normalised_name, key) AS score
            FROM members_organisation
            WHERE normalised_name %% key OR (key <%% normalised_name AND length(key) >= 8)
        ) near
    ) found
    GROUP BY place, id ORDER BY place, 3 DESC, id
"""  # noqa: S608


@dataclass(frozen=True)
class Wanted:
    """What somebody types of an organisation; ``siren``: nine digits, or empty."""

    name: str
    siren: str = ""


@dataclass(frozen=True)
class Likely:
    """An organisation that may be the one; ``sure``: it has the same SIREN, or the same name."""

    organisation: Organisation
    score: float

    @property
    def sure(self) -> bool:
        return self.score >= _SAME_NAME

    @property
    def same_number(self) -> bool:
        return self.score >= _SAME_SIREN

    @property
    def choice(self) -> str:
        """Its number, as a form sends it."""
        return str(self.organisation.pk)

    @property
    def why(self) -> str:
        if self.same_number:
            return "même SIREN"
        if self.sure:
            return "même nom"
        return "même sigle" if self.score >= _SAME_ACRONYM else "nom proche"


def number_in(typed: str) -> str:
    """The SIREN that was typed, as such or within a SIRET; empty if it is no number."""
    digits = re.sub(r"[\s.\u00a0\u202f]", "", typed)
    if re.fullmatch(r"\d{9}|\d{14}", digits, re.ASCII) and siren_number.is_valid(digits[:9]):
        return digits[:9]
    return ""


def find(typed: str, most: int = 8) -> list[Organisation]:
    """Organisations by the beginning of words of their name, acronym or SIREN, the likeliest first.

    Typing errors are forgiven. Two statements.
    """
    words = normalise(typed[:MOST_LETTERS])
    if len(words) < 2:
        return []
    parts = {f"part{i}": f"%{word}%" for i, word in enumerate(words.split())}
    every = " AND ".join(f"normalised_name LIKE %({name})s" for name in parts)
    given: dict[str, Any] = {"siren": number_in(typed), "words": words, "most": most, **parts}
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(every_word=every), given)
        return _in_order(pk for pk, _ in cursor.fetchall())


def likely_doubles(wanted: Sequence[Wanted], most: int = 4) -> list[list[Likely]]:
    """For each of ``wanted``, the organisations that it may be. Two statements, however many."""
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    # The one character that PostgreSQL holds in no text is no part of a name.
    texts = [each.name[:MOST_LETTERS].replace("\x00", "") for each in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            _DOUBLES,
            [
                list(range(len(wanted))),
                [normalise(_bare(text)) for text in texts],
                [organisation_key(text) for text in texts],
                [each.siren for each in wanted],
            ],
        )
        for place, pk, score in cursor.fetchall():
            found[place].append((pk, float(score)))
    kept = {place: rows[:most] for place, rows in found.items()}
    known = {each.pk: each for each in _in_order({pk for rows in kept.values() for pk, _ in rows})}
    return [
        [Likely(known[pk], score) for pk, score in kept.get(place, []) if pk in known]
        for place in range(len(wanted))
    ]


def _bare(name: str) -> str:
    found = BRACKETED_ACRONYM.match(name)
    return found["name"] if found else name


def _in_order(pks: Iterable[int]) -> list[Organisation]:
    wanted = list(pks)
    rows = Organisation.objects.filter(pk__in=wanted).select_related("seat").order_by()
    known = {each.pk: each for each in rows}
    return [known[pk] for pk in wanted if pk in known]
