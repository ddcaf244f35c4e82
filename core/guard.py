"""The guard under which only SELECT runs."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_READING = re.compile(r"[\s(]*(SELECT|WITH)\b", re.IGNORECASE)
# Quoted text is data: what looks like a command inside it is none.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_WRITING = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|ALTER|CREATE|DROP|GRANT|COPY|CALL|DO|INTO)\b|;\s*\S|--",
    re.IGNORECASE,
)


class WriteRefusedError(RuntimeError):
    """A page of the public tried to write."""


def _refuse_writing(execute: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
    statement = str(sql)
    if not _READING.match(statement) or _WRITING.search(_QUOTED.sub("''", statement)):
        raise WriteRefusedError(f"Only SELECT runs on a public page, not: {statement[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def only_select() -> Iterator[None]:
    """Raises WriteRefusedError on any statement that does more than read."""
    with connection.execute_wrapper(_refuse_writing):
        yield
