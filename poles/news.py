"""What changed in the public records between two moments, whatever the poles: for the alerts."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from poles.models import RecordState
from poles.public_history import PARTS, VALUES, Changes, compare

# An event bears the moment at which its transaction began: before the oldest transaction under way,
# nothing can come to be seen any more.
_SETTLED = """
    SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
        AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""
_WITHIN = "pgh_created_at >= %(since)s AND pgh_created_at < %(until)s"
_TABLES = {"poles_poleevent": "pgh_obj_id", **dict.fromkeys(PARTS, "pole_id")}
_CHANGED = " UNION ".join(
    f"SELECT {pole} AS id FROM {table} WHERE {_WITHIN}"  # noqa: S608
    for table, pole in _TABLES.items()
)
_STATES = f"""
    SELECT event.pgh_obj_id, event.pgh_id, event.pgh_created_at, '', '', {VALUES}
    FROM changed JOIN poles_poleevent AS event ON event.pgh_obj_id = changed.id
    WHERE {_WITHIN} OR event.pgh_id = (
        SELECT max(earlier.pgh_id) FROM poles_poleevent AS earlier
        WHERE earlier.pgh_obj_id = changed.id AND earlier.pgh_created_at < %(since)s
    )
"""  # noqa: S608
_ROWS = [
    f"""
    SELECT pole_id, pgh_id, pgh_created_at, '{words}', pgh_label, NULL::jsonb
    FROM {table} WHERE {_WITHIN}
    """  # noqa: S608
    for table, words in PARTS.items()
]
_STATEMENT = (
    f"WITH changed AS ({_CHANGED}) {' UNION ALL '.join([_STATES, *_ROWS])} ORDER BY 1, 4, 2"
)


@dataclass
class News:
    """The states of a record, the last before the news included, and the acts on its parts."""

    states: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    acts: list[tuple[datetime, str, str]] = field(default_factory=list)

    def since(self, moment: datetime) -> Changes:
        """What differs for whoever saw the record at ``moment``."""
        changes = Changes()
        if not self.states:
            return changes
        earlier = [values for at, values in self.states if at < moment]
        before, now = earlier[-1] if earlier else None, self.states[-1][1]
        compare(changes, before, now)
        if before is not None and before["record_state"] == RecordState.PUBLISHED:
            changes.parts.update((part, act) for at, part, act in self.acts if at >= moment)
        return changes


def settled_until() -> datetime:
    """The moment before which every event is committed, and so can be told."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        return cursor.fetchone()[0]


def news_between(since: datetime, until: datetime) -> dict[int, News]:
    """By pole, what happened from ``since`` on and before ``until``; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"since": since, "until": until})
        rows = cursor.fetchall()
    news: dict[int, News] = {}
    for pole, _, at, part, act, values in rows:
        told = news.setdefault(pole, News())
        if part:
            told.acts.append((at, part, act))
        else:
            told.states.append((at, json.loads(values) if isinstance(values, str) else values))
    return news
