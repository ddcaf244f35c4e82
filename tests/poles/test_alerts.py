"""An alert is confirmed from the mailbox itself, and left with one link."""

import re
import time
from typing import Any

import pytest
from django.utils import timezone

from poles import alerts
from poles.alerts import Followed, ask, asked_by, confirm, leave, left_by
from poles.models import Alert, AlertFrequency
from tests.poles.following import DAY, MAILBOX, change, following, known_for, night

pytestmark = pytest.mark.django_db


def test_confirmed_from_the_mailbox(mailoutbox: list[Any]) -> None:
    pole = known_for(30)
    ask(MAILBOX, AlertFrequency.WEEKLY, Followed(pole=pole))
    change(pole, summary="Autre")
    assert not Alert.objects.filter(confirmed_at__isnull=False).exists()
    night()
    (mail,) = mailoutbox
    assert "chaque semaine" in mail.body
    link = re.search(r"/alertes/confirmer/(\S+)/", mail.body)
    assert link
    asked = asked_by(link[1])
    confirm(asked)
    alert = Alert.objects.get()
    assert alert.confirmed_at == alert.told_until
    confirmed_at = alert.confirmed_at
    confirm(asked)
    alert.refresh_from_db()
    assert alert.confirmed_at == confirmed_at


def test_asked_twice_is_one_alert_and_tells_nobody_else(mailoutbox: list[Any]) -> None:
    for email in (MAILBOX, MAILBOX.upper()):
        ask(email, AlertFrequency.WEEKLY, Followed())
    alert = Alert.objects.get()
    confirm(asked_by(token_of(mailoutbox[-1])))
    ask(MAILBOX, AlertFrequency.WEEKLY, Followed())
    assert mailoutbox[-1].subject == "Vous suivez déjà\u00a0: toute la France"
    assert "/confirmer/" not in mailoutbox[-1].body
    # After three messages within the hour, a mailbox is left alone.
    ask(MAILBOX, AlertFrequency.DAILY, Followed())
    assert len(mailoutbox) == 3
    alert.refresh_from_db()
    assert alert.frequency == "semaine"


def token_of(mail: Any) -> str:
    link = re.search(r"/alertes/\w+/(\S+)/", mail.body)
    assert link
    return link[1]


def test_another_rhythm_is_confirmed_too(mailoutbox: list[Any]) -> None:
    alert = following(frequency=AlertFrequency.WEEKLY)
    ask(MAILBOX, AlertFrequency.DAILY, Followed())
    alert.refresh_from_db()
    assert alert.frequency == "semaine"
    confirm(asked_by(token_of(mailoutbox[0])))
    told = alert.told_until
    alert.refresh_from_db()
    assert (alert.frequency, alert.told_until) == ("jour", told)


def test_links_that_are_too_old_or_not_ours(mailoutbox: list[Any], monkeypatch: Any) -> None:
    ask(MAILBOX, AlertFrequency.WEEKLY, Followed())
    token = token_of(mailoutbox[0])
    leaving = alerts.leave_address(Alert.objects.get()).rstrip("/").rpartition("/")[2]
    assert asked_by(token)
    # One is not good for the other.
    assert asked_by(leaving) is None
    assert left_by(token) is None
    assert asked_by(token[:-1]) is None
    leave(left_by(leaving))
    assert asked_by(token) is None
    leave(left_by(leaving))
    Alert.objects.create(email=MAILBOX, frequency="jour")
    later = time.time() + 8 * 86400
    monkeypatch.setattr(time, "time", lambda: later)
    assert asked_by(token) is None


def test_never_confirmed_is_forgotten() -> None:
    for days in (6.9, 7.1):
        alert = Alert.objects.create(email=f"{days}@exemple.invalid", frequency="jour")
        Alert.objects.filter(pk=alert.pk).update(asked_at=timezone.now() - days * DAY)
    following(days=400, email="confirmee@exemple.invalid")
    assert alerts.forget_unconfirmed() == 1
    assert set(Alert.objects.values_list("email", flat=True)) == {
        "6.9@exemple.invalid",
        "confirmee@exemple.invalid",
    }
