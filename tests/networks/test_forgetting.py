"""What the night deletes of accounts, and what it leaves."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from networks.models import AccessRequest, Invitation, User
from tests.breaking import rows, run
from tests.factories import NetworkFactory, UserFactory
from tests.keeping_factories import AccessRequestFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


def invitation(expired: float, **ended: Any) -> Invitation:
    number = Invitation.objects.count()
    return Invitation.objects.create(
        email=f"invitee{number}@exemple.invalid",
        network=NetworkFactory(),
        staff_role="redacteur",
        token_digest=f"{number:064d}",
        expires_at=ago(expired),
        **ended,
    )


def night(*names: str) -> str:
    """What the night says of these rows of the table of personal data."""
    told = StringIO()
    call_command("forget", *names, stdout=told)
    return told.getvalue()


def test_invitations_are_forgotten_a_month_after_their_end() -> None:
    for old in ({"expired": 31}, {"expired": -3, "accepted_at": ago(31)}):
        invitation(**old)
    invitation(expired=-3, withdrawn_at=ago(31))
    kept = [
        invitation(expired=29),
        invitation(expired=-13),
        invitation(expired=-3, accepted_at=ago(29)),
        invitation(expired=-3, withdrawn_at=ago(29)),
    ]
    assert "invitations : 3 " in night("invitations")
    assert list(Invitation.objects.order_by("pk")) == kept
    # Who was invited where by whom stays in the history, which names nobody.
    events = Invitation.pgh_event_model.objects.filter(pgh_label="delete")  # type: ignore[attr-defined]
    assert events.count() == 3
    assert not hasattr(events[0], "email")


def test_requests_are_forgotten_after_a_year() -> None:
    AccessRequestFactory(created_at=ago(366))
    AccessRequestFactory(created_at=ago(366), state="acceptee", answered_at=NOW)
    kept = AccessRequestFactory(created_at=ago(364))
    assert "demandes-acces : 2 " in night("demandes-acces")
    assert AccessRequest.objects.get() == kept


def session(user: User, key: str, days: float) -> UserSession:
    Session.objects.create(session_key=key, session_data="", expire_date=ago(-days))
    return UserSession.objects.create(user=user, session_key=key, ip="192.0.2.7")


def test_sessions_that_ended_leave_nothing() -> None:
    user = UserFactory()
    session(user, "finie", -1)
    UserSession.objects.create(user=user, session_key="fermee", ip="192.0.2.7")
    kept = session(user, "ouverte", 1)
    assert "sessions-2 : 2 " in night("sessions-1", "sessions-2")
    assert UserSession.objects.get() == kept
    assert Session.objects.get().session_key == "ouverte"


def test_what_was_counted_for_a_time_goes_with_it() -> None:
    cache.set("essais", [1.0], 3600)
    cache.set("code", True, 90)
    cache.set("sans-fin", True, None)
    run(
        "UPDATE networks_cache SET expires = now() - interval '1 hour'"
        " WHERE cache_key LIKE '%%code'"
    )
    assert "envois-2 : 1 " in night("envois-2")
    left = {key.rpartition(":")[2] for (key,) in rows("SELECT cache_key FROM networks_cache")}
    assert left == {"essais", "sans-fin"}
