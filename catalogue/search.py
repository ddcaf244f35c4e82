"""The search: stems and prefixes first, typing errors forgiven only when nothing matched."""

from dataclasses import dataclass

from django.db import connection

from core.text import normalise

MAX_LENGTH = 200

_MATCHING = """
    SELECT t.pole_id
    FROM catalogue_poletext t
    JOIN catalogue_poleindex i USING (pole_id)
    CROSS JOIN {query}(%s) AS query
    WHERE t.document @@ query
    ORDER BY ts_rank(t.document, query)
        + CASE WHEN i.name ~ %s THEN similarity(i.name, %s) ELSE 0 END DESC, i.name, i.pole_id
"""
_EXACT = _MATCHING.format(query="catalogue_query")
_FORGIVING = _MATCHING.format(query="catalogue_forgiving_query")


@dataclass(frozen=True)
class Found:
    """The poles that match, best first; ``forgiven`` if only by forgiving typing errors."""

    ids: list[int]
    forgiven: bool


def find(typed: str) -> Found:
    """The published poles that match what was typed: ids, best first.

    Every word counts; at most ``MAX_LENGTH`` characters are read. Two statements at most.
    """
    words = normalise(typed[:MAX_LENGTH])
    if not words:
        return Found([], forgiven=False)
    parameters = [words, beginnings(words), words]
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, parameters)
        exact = [row[0] for row in cursor.fetchall()]
        if exact:
            return Found(exact, forgiven=False)
        cursor.execute(_FORGIVING, parameters)
        return Found([row[0] for row in cursor.fetchall()], forgiven=True)


def beginnings(words: str) -> str:
    """A pattern for the names of which some word begins as one of these.

    Only those are compared with what was typed: likeness costs more than all the rest of the
    ranking, and without a word in common it is chance.
    """
    return rf"\m({'|'.join(word[:3] for word in words.split())})"
