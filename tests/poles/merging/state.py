"""What the tables say, but for what moves by itself: a merge undone gives all of it back."""

from typing import Any

from tests.breaking import rows

# Moved by every change, or written by the database for it.
_OWN = "'{version,verdict,verdict_until}'::text[]"
TABLES = (
    "members_organisation",
    "members_organisationformerslug",
    "members_factevidence",
    "members_registercheck",
    "poles_pole",
    "poles_poleformerslug",
    "poles_membership",
    "poles_poletheme",
    "poles_polecoverage",
    "poles_polenetwork",
    "poles_polesource",
    "poles_poleproject",
    "poles_poleproject_members",
    "poles_polefigures",
    "poles_study_poles",
    "poles_proposal",
    "poles_comment",
    "poles_draft",
    "poles_alert",
    "poles_report",
    "poles_voicelink",
    "calls_application",
)


def said() -> dict[str, list[Any]]:
    """By table, every row, but for the real data, which no test of a merge touches."""
    return {
        table: [
            row
            for (row,) in rows(
                f'SELECT to_jsonb(t) - {_OWN} FROM {table} t ORDER BY to_jsonb(t)::text COLLATE "C"'
            )
        ]
        for table in TABLES
    }


def days_of(pole: Any, organisations: list[int]) -> list[tuple[Any, ...]]:
    """Each day of a span on which any of ``organisations`` is in the pole."""
    return rows(
        "SELECT DISTINCT day FROM generate_series('2015-01-01'::date, '2030-01-01', '30 days') day"
        " JOIN poles_membership m ON m.pole_id = %s AND m.organisation_id = ANY(%s)"
        " AND daterange(begins_on, ends_on, '[]') @> day::date ORDER BY day",
        pole.pk,
        organisations,
    )
