"""The version of the published data, as a process may hold it for one second."""

import threading
import time

from django.db import connection

_HELD_SECONDS = 1.0
_lock = threading.Lock()
_held: dict[str, tuple[float, int]] = {}


def data_version() -> int:
    """The number of the published data, at most one second old."""
    key = str(connection.settings_dict["NAME"])
    now = time.monotonic()
    held = _held.get(key)
    if held is not None and now - held[0] < _HELD_SECONDS:
        return held[1]
    with _lock, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM core_dataversion WHERE id = 1")
        number = int(cursor.fetchone()[0])
        _held[key] = (now, number)
    return number


def forget_data_version() -> None:
    """Read the number afresh at the next call; for tests and for commands that publish."""
    _held.clear()
