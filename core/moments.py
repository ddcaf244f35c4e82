"""The history transaction by transaction: each event with what was there before it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

INSERT, UPDATE, DELETE = "insert", "update", "delete"
_OWNED = "{owner} = ANY(%(owners)s)"


@dataclass(frozen=True)
class Part:
    """A table whose history is read; ``owned``: SQL that is true of the rows of the owners."""

    name: str
    model: type[models.Model]
    owner: str
    owned: str = _OWNED

    @property
    def table(self) -> str:
        return str(self.model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Event:
    """A row that came, changed or went: its columns before and after, None where it was not."""

    part: str
    action: str
    row: Any
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def values(self) -> dict[str, Any]:
        """The columns as they are after, or were before the row went."""
        return self.after or self.before or {}

    def changed(self, *columns: str) -> bool:
        """Whether any of ``columns`` differs; those of a row that came or went all do."""
        if self.before is None or self.after is None:
            return True
        return any(self.before[name] != self.after[name] for name in columns)


@dataclass
class Moment:
    """What one transaction did under one context; ``context`` says who and why, if it is known."""

    at: datetime
    context: dict[str, Any] | None
    events: list[Event] = field(default_factory=list)


def moments(
    parts: Sequence[Part],
    owners: Sequence[Any],
    *,
    most: int,
    skip: int = 0,
    by: str = "max(pgh_id)",
) -> list[Moment]:
    """The latest first; rows that were moved to or from the owners included. One statement.

    ``by``: what orders them, the number of the event where the tables share one sequence.
    """
    with connection.cursor() as cursor:
        cursor.execute(_statement(parts, by), {"owners": list(owners), "most": most, "skip": skip})
        rows = cursor.fetchall()
    found: dict[int, Moment] = {}
    for place, at, context, name, action, row, now, earlier in rows:
        moment = found.setdefault(place, Moment(at, _loaded(context)))
        after, before = _loaded(now), _loaded(earlier)
        if action == DELETE:
            before, after = after, None
        elif action == INSERT:
            before = None
        moment.events.append(Event(name, action, row, before, after))
    return list(found.values())


def _statement(parts: Sequence[Part], by: str) -> str:
    ids = " UNION ALL ".join(_ids(part) for part in parts)
    rows = " UNION ALL ".join(_rows(part) for part in parts)
    return f"""
        WITH ids AS ({ids}), chosen AS (
            SELECT pgh_created_at AS at, pgh_context_id AS context,
                row_number() OVER (ORDER BY {by} DESC) AS place
            FROM ids GROUP BY 1, 2 ORDER BY {by} DESC LIMIT %(most)s OFFSET %(skip)s
        )
        SELECT place, at, c.metadata, part, row.action, row.number, row.now, row.earlier
        FROM chosen JOIN ids ON pgh_created_at = at AND pgh_context_id IS NOT DISTINCT FROM context
        LEFT JOIN pghistory_context c ON c.id = context
        CROSS JOIN LATERAL ({rows}) row
        ORDER BY place, part, ids.pgh_id"""  # noqa: S608


def _ids(part: Part) -> str:
    owned = part.owned.format(owner=part.owner)
    was = part.owned.format(owner="was")
    return f"""
        SELECT '{part.name}' AS part, pgh_id, pgh_created_at, pgh_context_id FROM (
            SELECT pgh_id, pgh_created_at, pgh_context_id, {part.owner},
                lag({part.owner}) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS was
            FROM {part.table}
            WHERE pgh_obj_id IN (SELECT pgh_obj_id FROM {part.table} WHERE {owned})
        ) AS {part.table} WHERE {owned} OR {was}"""  # noqa: S608


def _rows(part: Part) -> str:
    return f"""
        SELECT e.pgh_label AS action, e.pgh_obj_id AS number, to_jsonb(e) AS now, (
            SELECT to_jsonb(p) FROM {part.table} p
            WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
            ORDER BY p.pgh_id DESC LIMIT 1
        ) AS earlier
        FROM {part.table} e WHERE part = '{part.name}' AND e.pgh_id = ids.pgh_id"""  # noqa: S608


def _loaded(value: Any) -> Any:
    return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
