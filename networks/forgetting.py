"""What accounts leave behind them, deleted by the night once it serves nobody."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from networks.models import Invitation

# An invitation that expired can be sent again meanwhile; the history keeps it without its address.
INVITATIONS_KEPT = timedelta(days=30)


def forget_old_invitations() -> int:
    """Deletes those that were over, in one way or another, a month ago; how many."""
    then = timezone.now() - INVITATIONS_KEPT
    over = Q(expires_at__lt=then) | Q(accepted_at__lt=then) | Q(withdrawn_at__lt=then)
    return Invitation.objects.filter(over).delete()[0]


def forget_expired_sessions() -> int:
    """Deletes the sessions that are over; how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def forget_ended_sessions() -> int:
    """Deletes the address and browser of sessions that no longer open anything; how many."""
    open_now = Session.objects.filter(expire_date__gt=timezone.now())
    return UserSession.objects.exclude(session_key__in=open_now.values("session_key")).delete()[0]


def forget_expired_cache() -> int:
    """Deletes counts of attempts, used codes and kept answers whose time is over; how many.

    Django does so only where there are too many of them.
    """
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608
        return cursor.rowcount
