"""Making time pass for the history, which is append-only everywhere else."""

from datetime import datetime, timedelta

from django.db import connection

from poles.models import Pole
from poles.public_history import PARTS
from tests.breaking import ALOUD, SILENTLY


def backdate(pole: Pole, ago: timedelta) -> None:
    """All that happened to the pole until now, happened so long ago."""
    tables = {"poles_poleevent": "pgh_obj_id", **dict.fromkeys(PARTS, "pole_id")}
    with connection.cursor() as cursor:
        cursor.execute(SILENTLY)
        for table, column in tables.items():
            cursor.execute(
                f"UPDATE {table} SET pgh_created_at = now() - make_interval(secs => %s)"
                f" WHERE {column} = %s",
                [ago.total_seconds(), pole.pk],
            )
        cursor.execute(ALOUD)


def backdate_change(pole: Pole, moment: datetime) -> None:
    """The latest change of the pole happened at ``moment``."""
    with connection.cursor() as cursor:
        cursor.execute(SILENTLY)
        cursor.execute(
            "UPDATE poles_poleevent SET pgh_created_at = %s WHERE pgh_id ="
            " (SELECT max(pgh_id) FROM poles_poleevent WHERE pgh_obj_id = %s)",
            [moment, pole.pk],
        )
        cursor.execute(ALOUD)
