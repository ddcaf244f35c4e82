"""What a transaction would be refused at its commit, asked before."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

_BUT_THE_VERSION = """
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') FROM pg_constraint
    WHERE condeferrable AND connamespace = 'public'::regnamespace
        AND conname NOT LIKE '%\\_moves\\_version'
"""
_named: dict[str, str] = {}
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


@contextmanager
def rehearsing() -> Iterator[None]:
    """Within it `check_now` leaves the version of the published data where it is.

    It is one row, for which all who publish would wait until what is rehearsed is undone.
    """
    token = _rehearsing.set(True)
    try:
        yield
    finally:
        _rehearsing.reset(token)


def check_now() -> None:
    """Raises now what the commit would raise."""
    with connection.cursor() as cursor:
        names = "ALL"
        if _rehearsing.get():
            database = str(connection.settings_dict["NAME"])
            if database not in _named:
                cursor.execute(_BUT_THE_VERSION)
                _named[database] = cursor.fetchone()[0]
            names = _named[database]
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")
