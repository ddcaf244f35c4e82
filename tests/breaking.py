"""Breaking the database's rules with SQL, and hearing in French what was broken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from hypothesis import HealthCheck, settings

# One database transaction serves all the examples; each one undoes what it did.
with_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=timedelta(seconds=10),
    max_examples=60,
)


# Without the triggers, which only the account of the server can silence: the calendar moves without
# them, and so do tests that make time pass.
SILENTLY = "SET ROLE NONE; SET session_replication_role = replica"
ALOUD = "SET session_replication_role = origin; RESET ROLE"


@dataclass(frozen=True)
class Break:
    """An update that must be refused: the rule, a row that keeps it, the values that break it."""

    rule: str
    make: Callable[[], models.Model]
    values: dict[str, Any] | Callable[[Any], dict[str, Any]]

    def prepared(self) -> tuple[models.Model, dict[str, Any]]:
        row = self.make()
        values = self.values(row) if callable(self.values) else self.values
        return row, values


def cases(*breaks: Break) -> Any:
    """Parametrises a test with ``breaks``, by the names of the rules."""
    return pytest.mark.parametrize("case", breaks, ids=[b.rule for b in breaks])


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The statements within are refused under the name ``rule``, and undone."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert cause.diag.constraint_name == rule, cause  # type: ignore[union-attr]


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def as_server() -> Iterator[None]:
    """What is done within is done by the account of the server, and not by that of the pages."""
    run("SET ROLE NONE")
    yield
    # Where it failed, the undoing of the transaction does it.
    run("RESET ROLE")


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def rows(sql: str, *parameters: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def update(row: models.Model, **values: Any) -> None:
    """An UPDATE in SQL; ``values`` by column."""
    columns = ", ".join(f'"{column}" = %s' for column in values)
    table, key = row._meta.db_table, row._meta.pk.column
    run(f'UPDATE "{table}" SET {columns} WHERE "{key}" = %s', *values.values(), row.pk)


def check_sql(case: Break) -> None:
    """The database refuses the values, and names the rule."""
    row, values = case.prepared()
    with refused(case.rule):
        update(row, **values)


def check_form(case: Break) -> None:
    """The model refuses the values, in the French of its own rule."""
    row, values = case.prepared()
    rule = {c.name: c for c in row._meta.constraints}[case.rule]
    for column, value in values.items():
        field: Any = row._meta.get_field(column)
        setattr(row, column, field.to_python(value))
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(ValidationError) as caught:
        rule.validate(type(row), row)
    assert caught.value.messages == [str(rule.violation_error_message)]
