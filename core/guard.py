"""The guard under which only SELECT runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_READING = ("SELECT", "WITH", "EXPLAIN")


class WriteRefusedError(RuntimeError):
    """A page of the public tried to write."""


def _refuse_writing(execute: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
    if not str(sql).lstrip(" (\n").upper().startswith(_READING):
        raise WriteRefusedError(f"Only SELECT runs on a public page, not: {str(sql)[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def only_select() -> Iterator[None]:
    """Raises WriteRefusedError on any statement that does not read."""
    with connection.execute_wrapper(_refuse_writing):
        yield
