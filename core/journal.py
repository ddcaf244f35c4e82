"""The journal: what was done in all the tables whose history is kept, the latest first.

An entry is what one transaction did under one context. Tables are walked by their indexes on the
moment and on the context, which every `migrate` makes (`ptce_registry/sql/journal.sql`), so that a
page costs the same whatever was kept.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connection, models

# How much is read at once of what is taken away.
_MOMENTS, _LINES = 100, 100
PERSON, COMMAND, SQL = "personne", "commande", "sql"


@dataclass(frozen=True)
class Asked:
    """``people``: numbers of accounts; ``objects``: of ``model``; None asks for whatever there is.

    ``since`` included, ``until`` excluded, ``before`` where the page before ended.
    """

    source: str = ""
    people: tuple[str, ...] | None = None
    model: type[models.Model] | None = None
    objects: tuple[Any, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: datetime | None = None
    at: datetime | None = None

    @property
    def by_context(self) -> bool:
        return self.people is not None or self.source in {PERSON, COMMAND}


@dataclass(frozen=True)
class Kept:
    """An event, under the names that the reader of the history knows (`core.admin.history`)."""

    pgh_obj_model: str
    pgh_created_at: datetime
    pgh_context_id: Any
    pgh_context: dict[str, Any] | None
    pgh_label: str
    pgh_obj_id: str
    pgh_data: dict[str, Any]
    pgh_diff: dict[str, list] | None


@dataclass
class Page:
    """``cut``: the moments of which more was kept than was read; ``after``: where it goes on."""

    events: list[Kept] = field(default_factory=list)
    cut: set[tuple[datetime, Any]] = field(default_factory=set)
    after: datetime | None = None


@cache
def tracked_models() -> tuple[type[models.Model], ...]:
    """The models whose history is kept, by label."""
    found = {
        model.pgh_tracked_model  # type: ignore[attr-defined]
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "pgh_tracked_model", None) is not None
    }
    return tuple(sorted(found, key=lambda model: model._meta.label))


def page(asked: Asked, *, moments: int, lines: int) -> Page:
    """``moments`` entries at most, and of each ``lines`` rows at most a table; two statements."""
    found, more = _moments(asked, moments)
    if not found:
        return Page()
    read = Page(after=found[-1][0] if more else None)
    seen: dict[tuple, int] = {}
    for event in _events(asked, found, lines + 1):
        place = event.pgh_created_at, event.pgh_context_id
        count = seen[*place, event.pgh_obj_model] = seen.get((*place, event.pgh_obj_model), 0) + 1
        if count > lines:
            read.cut.add(place)
        else:
            read.events.append(event)
    return read


def whole(asked: Asked, *, most: int) -> Iterator[list[Kept]]:
    """All the events, some moments at a time; a moment that did much comes alone, up to ``most``.

    A transaction may have moved thousands of rows: no more than one of these is held.
    """
    after = asked.before
    while True:
        read = page(replace(asked, before=after), moments=_MOMENTS, lines=_LINES)
        much = {at for at, _ in read.cut}
        # What lies between two that did much is named together.
        for key, events in groupby(read.events, partial(_alone, much)):
            if key is None:
                yield list(events)
            else:
                yield page(replace(asked, at=key), moments=1, lines=most).events
        after = read.after
        if after is None:
            return


def _alone(much: set[datetime], event: Kept) -> datetime | None:
    return event.pgh_created_at if event.pgh_created_at in much else None


def last_known(
    wanted: Mapping[type[models.Model], Iterable[Any]],
) -> Iterator[tuple[str, str, dict]]:
    """Label, key and last known columns of rows that may be gone; one statement."""
    parts, given = [], []
    for model, keys in wanted.items():
        if hasattr(model, "pgh_event_model") and keys:
            parts.append(
                f"SELECT '{model._meta.label}', pgh_obj_id::text, to_jsonb(e) FROM ("
                f" SELECT DISTINCT ON (pgh_obj_id) * FROM {_table(model)}"
                " WHERE pgh_obj_id = ANY(%s) ORDER BY pgh_obj_id, pgh_id DESC) e"
            )
            given.append([model._meta.pk.to_python(key) for key in keys])
    if not parts:
        return
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        for label, key, values in cursor.fetchall():
            yield label, key, _loaded(values)


def _table(model: type[models.Model]) -> str:
    return str(model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]


def _about(asked: Asked) -> dict[type[models.Model], str]:
    """The tables to read, each with what its rows must satisfy beside the moment."""
    found = {}
    for model in tracked_models():
        condition = _condition(asked, model)
        if condition:
            found[model] = condition
    return found


def _condition(asked: Asked, model: type[models.Model]) -> str:
    """SQL; empty where no row of ``model`` is asked for."""
    conditions = ["pgh_context_id IS NULL"] if asked.source == SQL else []
    if asked.model is not None:
        if asked.objects is None:
            if model is not asked.model:
                return ""
        else:
            columns = ["pgh_obj_id"] if model is asked.model else []
            columns += [
                str(column.column)
                for column in model._meta.concrete_fields
                if column.is_relation
                and column.related_model is asked.model
                and _keeps(model, column)
            ]
            if not columns:
                return ""
            either = " OR ".join(f"{column} = ANY(%(objects)s)" for column in columns)
            conditions.append(f"({either})")
    if (asked.objects is not None or asked.at is not None) and asked.by_context:
        theirs = f"SELECT id FROM pghistory_context c WHERE {_who(asked)}"
        conditions.append(f"pgh_context_id IN ({theirs})")
    return " AND ".join(conditions) or "true"


def _keeps(model: type[models.Model], column: Any) -> bool:
    kept = model.pgh_event_model._meta.concrete_fields  # type: ignore[attr-defined]
    return column.column in {each.column for each in kept}


def _who(asked: Asked) -> str:
    if asked.people is not None:
        return "c.metadata ->> 'user' = ANY(%(people)s)"
    name = "user" if asked.source == PERSON else "command"
    return f"c.metadata ->> '{name}' IS NOT NULL"


def _given(asked: Asked) -> dict[str, Any]:
    ends = [each for each in (asked.before, asked.until) if each is not None]
    return {
        "before": min(ends) if ends else "infinity",
        "since": asked.since or "-infinity",
        "people": list(asked.people or ()),
        "objects": list(asked.objects or ()),
    }


def _moments(asked: Asked, most: int) -> tuple[list[tuple[datetime, Any]], bool]:
    """The latest moments, each with its context where it is by it that they are found.

    Says too whether there are more.
    """
    if asked.at is not None:
        return [(asked.at, None)], False
    about = _about(asked)
    if not about or asked.people == () or asked.objects == ():
        return [], False
    if asked.objects is not None or asked.source == SQL:
        statement = _listed(about)
    elif asked.by_context:
        statement = _of_contexts(asked, about)
    else:
        statement = _walked(about)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_given(asked), "most": most + 1})
        found = cursor.fetchall()
    return found[:most], len(found) > most


def _listed(about: Mapping[type[models.Model], str]) -> str:
    """Where few rows are asked for, or no index leads to them."""
    rows = " UNION ALL ".join(
        f"SELECT pgh_created_at AS at FROM {_table(model)}"
        f" WHERE {condition} AND pgh_created_at < %(before)s AND pgh_created_at >= %(since)s"
        for model, condition in about.items()
    )
    return f"SELECT DISTINCT at, NULL::uuid FROM ({rows}) rows ORDER BY 1 DESC LIMIT %(most)s"


def _of_contexts(asked: Asked, about: Mapping[type[models.Model], str]) -> str:
    some = " OR ".join(
        f"EXISTS (SELECT FROM {_table(model)} WHERE pgh_context_id = c.id)" for model in about
    )
    kind = f"AND ({some})" if asked.model is not None else ""
    return (
        f"SELECT c.created_at, c.id FROM pghistory_context c WHERE {_who(asked)} {kind}"
        " AND c.created_at < %(before)s AND c.created_at >= %(since)s"
        " ORDER BY c.created_at DESC LIMIT %(most)s"
    )


def _walked(about: Mapping[type[models.Model], str]) -> str:
    """From one moment to the one before: a look in each index, however many rows it moved."""

    def latest(before: str) -> str:
        each = ", ".join(
            f"(SELECT max(pgh_created_at) FROM {_table(model)}"
            f" WHERE pgh_created_at < {before} AND pgh_created_at >= %(since)s)"
            for model in about
        )
        return f"greatest({each})"

    return f"""
        WITH RECURSIVE walk (at) AS (
            SELECT {latest("%(before)s")}
            UNION ALL SELECT {latest("walk.at")} FROM walk WHERE at IS NOT NULL
        )
        SELECT at, NULL::uuid FROM walk WHERE at IS NOT NULL LIMIT %(most)s"""


def _events(asked: Asked, moments: Sequence[tuple[datetime, Any]], most: int) -> Iterator[Kept]:
    by_context = moments[0][1] is not None
    match = "pgh_context_id = place" if by_context else "pgh_created_at = place"
    rows = " UNION ALL ".join(
        f"""
        SELECT '{model._meta.label}', e.pgh_created_at, e.pgh_context_id, c.metadata, e.pgh_label,
            e.pgh_obj_id::text, to_jsonb(e), CASE e.pgh_label WHEN 'update' THEN (
                SELECT to_jsonb(p) FROM {_table(model)} p
                WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
                ORDER BY p.pgh_id DESC LIMIT 1
            ) END
        FROM unnest(%(places)s) place CROSS JOIN LATERAL (
            SELECT * FROM {_table(model)} WHERE {match} AND {condition}
            ORDER BY pgh_id LIMIT %(lines)s
        ) e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"""
        for model, condition in _about(asked).items()
    )
    given = {
        **_given(asked),
        "places": [context if by_context else at for at, context in moments],
        "lines": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{rows} ORDER BY 2 DESC, 3", given)
        found = cursor.fetchall()
    for label, at, context, metadata, action, key, now, earlier in found:
        after, before = _columns(now), _columns(earlier)
        changed = {
            name: [before.get(name), value]
            for name, value in after.items()
            if before.get(name) != value
        }
        yield Kept(
            *(label, at, context, _loaded(metadata), action, key, after),
            changed if action == "update" else None,
        )


def _columns(value: Any) -> dict[str, Any]:
    loaded = _loaded(value) or {}
    return {name: each for name, each in loaded.items() if not name.startswith("pgh_")}


def _loaded(value: Any) -> Any:
    return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
