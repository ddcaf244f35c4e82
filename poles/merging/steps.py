"""What a merge does to rows, as plain values: done, held against the database, and undone.

The rows are those of the tables, as ``to_jsonb`` gives them, and go back the same way: every type
of column comes back as it was, and the triggers of the history see each change.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import connection, models

UPDATE, DELETE, INSERT = "update", "delete", "insert"
Row = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A row that changes, goes or comes; ``before`` and ``after`` hold its columns.

    ``pk``: None for a row that is still to come.
    """

    act: str
    model: str
    pk: Any
    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)

    def as_json(self) -> Row:
        return asdict(self)

    def undone(self) -> "Step":
        act = {UPDATE: UPDATE, DELETE: INSERT, INSERT: DELETE}[self.act]
        return replace(self, act=act, before=self.after, after=self.before)


def update(model: str, row: Row, **values: Any) -> Step | None:
    """The step that writes ``values`` over ``row``; None where it says so already."""
    changed = {name: value for name, value in values.items() if row[name] != value}
    before = {name: row[name] for name in changed}
    return Step(UPDATE, model, row[key_of(model)], before, changed) if changed else None


def delete(model: str, row: Row) -> Step:
    kept = {name: row[name] for name in _columns(model)}
    return Step(DELETE, model, row[key_of(model)], kept)


def insert(model: str, **values: Any) -> Step:
    return Step(INSERT, model, values.get(key_of(model)), {}, values)


def from_json(values: Iterable[Row]) -> list[Step]:
    return [Step(**each) for each in values]


def read(wanted: Iterable[tuple[str, str, str]], numbers: Sequence[int]) -> dict[str, list[Row]]:
    """The rows whose column is one of ``numbers``, by name; one statement.

    ``wanted``: a name, a model and a column of it.
    """
    wanted = list(wanted)
    statement = " UNION ALL ".join(
        f"SELECT '{name}', to_jsonb(t) FROM {_table(model)} t"  # noqa: S608
        f" WHERE t.{column} = ANY(%(of)s)"
        for name, model, column in wanted
    )
    found: dict[str, list[Row]] = {name: [] for name, _, _ in wanted}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"of": list(numbers)})
        for name, row in cursor.fetchall():
            found[name].append(json.loads(row) if isinstance(row, str) else row)
    for name, model, _ in wanted:
        found[name].sort(key=itemgetter(key_of(model)))
    return found


def do(steps: Sequence[Step]) -> list[Step]:
    """Writes ``steps`` in their order, in few statements; the same, new rows with their numbers."""
    done: list[Step] = []
    for alike in _groups(steps):
        done += _DO[alike[0].act](alike[0].model, alike)
    return done


def changed_since(steps: Sequence[Step]) -> list[Step]:
    """Those whose row is no more as they left it; one statement."""
    groups = _groups(steps)
    if not groups:
        return []
    asked = [_untouched(number, alike) for number, alike in enumerate(groups)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(s for s, _ in asked), [values for _, values in asked])
        untouched = set(cursor.fetchall())
    return [
        step
        for number, alike in enumerate(groups)
        for step in alike
        if (number, str(step.pk)) not in untouched
    ]


def _groups(steps: Sequence[Step]) -> list[list[Step]]:
    def shape(step: Step) -> tuple[str, str, tuple[str, ...]]:
        return step.act, step.model, tuple(sorted(step.after))

    return [list(group) for _, group in groupby(steps, shape)]


def _update(model: str, steps: list[Step]) -> list[Step]:
    sets = ", ".join(f"{name} = r.{name}" for name in steps[0].after)
    key = key_of(model)
    _run(
        f"UPDATE {_table(model)} t SET {sets} FROM jsonb_populate_recordset("  # noqa: S608
        f"NULL::{_table(model)}, %s::jsonb) r WHERE t.{key} = r.{key}",
        [{**step.after, key: step.pk} for step in steps],
    )
    return steps


def _delete(model: str, steps: list[Step]) -> list[Step]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_table(model)} WHERE {key_of(model)} = ANY(%s)",  # noqa: S608
            [[step.pk for step in steps]],
        )
    return steps


def _insert(model: str, steps: list[Step]) -> list[Step]:
    columns = ", ".join(steps[0].after)
    rows = _run(
        f"INSERT INTO {_table(model)} ({columns}) SELECT {columns} FROM jsonb_populate_recordset("  # noqa: S608
        f"NULL::{_table(model)}, %s::jsonb) RETURNING {key_of(model)}",
        [step.after for step in steps],
        rows=True,
    )
    return [replace(step, pk=pk) for step, (pk,) in zip(steps, rows, strict=True)]


_DO: dict[str, Callable[[str, list[Step]], list[Step]]] = {
    UPDATE: _update,
    DELETE: _delete,
    INSERT: _insert,
}


def _untouched(number: int, steps: list[Step]) -> tuple[str, str]:
    """SQL that gives the keys of ``steps``, all of one shape, whose row is as they left it."""
    first = steps[0]
    key, table = key_of(first.model), _table(first.model)
    left = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb) r"
    values = json.dumps([{**step.after, key: step.pk} for step in steps])
    if first.act == DELETE:
        found = f"NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = r.{key})"
        return f"SELECT {number}, r.{key}::text FROM {left} WHERE {found}", values  # noqa: S608
    columns = [name for name in first.after if name != key]
    same = " AND ".join(f"t.{name} IS NOT DISTINCT FROM r.{name}" for name in columns) or "true"
    joined = f"{table} t JOIN {left} ON t.{key} = r.{key}"
    return f"SELECT {number}, t.{key}::text FROM {joined} WHERE {same}", values  # noqa: S608


def _run(statement: str, values: list[Row], *, rows: bool = False) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values)])
        return cursor.fetchall() if rows else []


def model_of(label: str) -> type[models.Model]:
    return apps.get_model(label)


def key_of(label: str) -> str:
    return str(model_of(label)._meta.pk.column)


def _table(label: str) -> str:
    return connection.ops.quote_name(model_of(label)._meta.db_table)


def _columns(label: str) -> list[str]:
    """The columns that can be written."""
    return [
        str(column.column)
        for column in model_of(label)._meta.local_concrete_fields
        if not isinstance(column, models.GeneratedField)
    ]
