"""What time alone makes stale in the index: a membership that begins or ends, a closing."""

from django.db import connection, transaction
from django.utils import timezone

from catalogue.models import PoleIndex


def refresh_what_time_changed() -> int:
    """Writes anew the rows whose day has come; the number of poles refreshed."""
    stale = list(
        PoleIndex.objects.filter(true_until__lte=timezone.localdate())
        .order_by("pole_id")
        .values_list("pole_id", flat=True)
    )
    return _refresh(stale)


def refresh_everything() -> int:
    """Writes every row anew, after a change of what the index is made of."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Every row is written anew, and the words are learnt again from what is still there.
        cursor.execute("DELETE FROM catalogue_poletext")
        cursor.execute("DELETE FROM catalogue_word")
        cursor.execute("SELECT catalogue_refresh(array(SELECT id FROM poles_pole ORDER BY id))")
        return int(cursor.fetchone()[0])


def _refresh(poles: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalogue_refresh(%s)", [poles])
        return int(cursor.fetchone()[0])
