"""The organisation that a number stands for today, once organisations were merged."""

from collections.abc import Iterable

from django.db import connection

# A chain is followed to its end; a merge that was undone is none.
_SUCCESSORS = """
    WITH RECURSIVE chain (was, now) AS (
        SELECT merged_organisation, organisation FROM poles_merge
        WHERE undone_at IS NULL AND merged_organisation = ANY(%s)
        UNION
        SELECT chain.was, m.organisation FROM chain
        JOIN poles_merge m ON m.merged_organisation = chain.now AND m.undone_at IS NULL
    )
    SELECT was, now FROM chain
    WHERE NOT EXISTS (
        SELECT FROM poles_merge m WHERE m.merged_organisation = now AND m.undone_at IS NULL)
"""
_MERGED_INTO = """
    WITH RECURSIVE chain (number) AS (
        SELECT merged_organisation FROM poles_merge
        WHERE undone_at IS NULL AND organisation = %s
        UNION
        SELECT m.merged_organisation FROM chain
        JOIN poles_merge m ON m.organisation = chain.number AND m.undone_at IS NULL
    )
    SELECT number FROM chain ORDER BY number
"""


def successors(numbers: Iterable[int]) -> dict[int, int]:
    """Of those numbers that were merged away, the number of the one that stands; one statement."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SUCCESSORS, [wanted])
        return dict(cursor.fetchall())


def merged_into(number: int) -> list[int]:
    """The numbers of the organisations that became this one."""
    with connection.cursor() as cursor:
        cursor.execute(_MERGED_INTO, [number])
        return [pk for (pk,) in cursor.fetchall()]
