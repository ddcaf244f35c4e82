"""A record as it was: its values at any of its versions, read from the history."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

from poles.models import Pole, PoleProjectMember
from poles.record.fields import FIELDS, Json, plain
from poles.record.followed import followed_values
from poles.record.rows import COLLECTIONS


@dataclass(frozen=True)
class Version:
    """A version of a pole: when it began, who began it and why, and what the record said.

    ``values``: by key, as `current_values` gave them then, without what the history does not keep;
    ``columns``: the pole's own row.
    """

    number: int
    at: datetime
    context: dict[str, Any] | None
    is_current: bool
    columns: dict[str, Any]
    values: dict[str, Json]


class NoSuchVersion(Exception):  # noqa: N818
    """The pole never had this version, or the history does not reach back to it."""


_SETS = {name: field.column.remote_field.through for name, field in FIELDS.items() if field.many}
_PARTS: dict[str, type[models.Model]] = {
    **_SETS,
    **{name: collection.model for name, collection in COLLECTIONS.items()},
}


def _rows_sql(part: str, model: Any) -> str:
    """The last event of each row that the pole ever had, before the next version began."""
    table = model.pgh_event_model._meta.db_table
    return f"""
        SELECT '{part}', to_jsonb(latest) FROM (
            SELECT DISTINCT ON (pgh_obj_id) * FROM {table}
            WHERE pgh_obj_id IN (SELECT pgh_obj_id FROM {table} WHERE pole_id = %(pole)s)
                AND pgh_id < (SELECT number FROM next)
            ORDER BY pgh_obj_id, pgh_id DESC
        ) AS latest WHERE pole_id = %(pole)s AND pgh_label <> 'delete'"""  # noqa: S608


_PROJECTS = COLLECTIONS["projects"].model.pgh_event_model._meta.db_table  # type: ignore[attr-defined]
_PROJECT_MEMBERS = PoleProjectMember.pgh_event_model._meta.db_table
_OF_ONE = " UNION ALL ".join(
    [
        """
        WITH this AS (
            SELECT * FROM poles_poleevent
            WHERE pgh_obj_id = %(pole)s AND version = {number} AND pgh_label <> 'delete'
            ORDER BY pgh_id DESC LIMIT 1
        ), next AS (
            SELECT coalesce(min(pgh_id), 2147483647) AS number FROM poles_poleevent
            WHERE pgh_obj_id = %(pole)s AND pgh_id > (SELECT pgh_id FROM this)
        )
        SELECT 'pole' AS part, to_jsonb(this) || jsonb_build_object(
            'is_current', (SELECT number FROM next) = 2147483647,
            'context', (SELECT metadata FROM pghistory_context WHERE id = this.pgh_context_id)
        ) AS row FROM this""",
        *(_rows_sql(part, model) for part, model in _PARTS.items()),
        f"""
        SELECT 'project_members', to_jsonb(latest) FROM (
            SELECT DISTINCT ON (pgh_obj_id) * FROM {_PROJECT_MEMBERS}
            WHERE poleproject_id IN (SELECT pgh_obj_id FROM {_PROJECTS} WHERE pole_id = %(pole)s)
                AND pgh_id < (SELECT number FROM next)
            ORDER BY pgh_obj_id, pgh_id DESC
        ) AS latest WHERE pgh_label <> 'delete'""",  # noqa: S608
    ]
)


def versions_of(pole: Pole, *numbers: int) -> list[Version]:
    """Those versions, in that order; two statements. Raises `NoSuchVersion`."""
    statement = " UNION ALL ".join(
        f"(SELECT {int(number)}, part, row FROM ({_OF_ONE.format(number=int(number))}) AS one)"  # noqa: S608
        for number in dict.fromkeys(numbers)
    )
    found: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"pole": pole.pk})
        for number, part, row in cursor.fetchall():
            found[number].append((part, _loaded(row)))
    versions = [_version(number, found[number]) for number in numbers]
    # Organisations that were merged since are told and brought back as the one that stands.
    values = followed_values(version.values for version in versions)
    return [replace(each, values=then) for each, then in zip(versions, values, strict=True)]


def values_at(pole: Pole, number: int) -> dict[str, Json]:
    """The values of that version; raises `NoSuchVersion`."""
    return versions_of(pole, number)[0].values


def _version(number: int, rows: list[tuple[str, dict[str, Any]]]) -> Version:
    columns = next((row for part, row in rows if part == "pole"), None)
    if columns is None:
        raise NoSuchVersion(number)
    return Version(
        number,
        datetime.fromisoformat(columns["pgh_created_at"]),
        columns["context"],
        columns["is_current"],
        columns,
        _values(columns, rows),
    )


def _values(pole: dict[str, Any], rows: list[tuple[str, dict[str, Any]]]) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for name, field in FIELDS.items():
        if field.many:
            target = _SETS[name]._meta.get_field(field.column.m2m_reverse_field_name()).attname
            values[name] = sorted(row[target] for part, row in rows if part == name)
        elif field.remembered:
            values[name] = _plain(field.column, pole)
    for name, collection in COLLECTIONS.items():
        natural = "pgh_obj_id" if collection.natural == "pk" else collection.natural
        for row in sorted((r for part, r in rows if part == name), key=lambda r: r["pgh_obj_id"]):
            values[f"{name}/{row[natural]}"] = {
                each: _column(collection.column(each), row, rows) for each in collection.columns
            }
    return values


def _column(column: Any, row: dict[str, Any], rows: list[tuple[str, dict[str, Any]]]) -> Json:
    if not column.many_to_many:
        return _plain(column, row)
    of_this = [r for part, r in rows if part == "project_members"]
    return sorted(r["organisation_id"] for r in of_this if r["poleproject_id"] == row["pgh_obj_id"])


def _plain(column: Any, row: dict[str, Any]) -> Json:
    value = row[column.attname]
    return plain(column, value if column.is_relation else column.to_python(value))


def _loaded(row: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(row, parse_float=Decimal) if isinstance(row, str) else row
    return loaded
