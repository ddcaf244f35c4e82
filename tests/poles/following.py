"""Alerts that are confirmed, poles that are old, and the night that comes."""

from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from poles.models import Alert, AlertFrequency, Pole
from tests.factories import PoleFactory
from tests.poles.passing import backdate

DAY = timedelta(days=1)
MAILBOX = "suivi@exemple.invalid"


def following(
    days: float = 1.5, frequency: str = AlertFrequency.DAILY, email: str = MAILBOX, **subject: Any
) -> Alert:
    """A confirmed alert, whose last mail told up to so many days ago."""
    moment = timezone.now() - days * DAY
    return Alert.objects.create(
        email=email, frequency=frequency, confirmed_at=moment, told_until=moment, **subject
    )


def known_for(days: float, **values: Any) -> Pole:
    """A pole that was published so many days ago."""
    pole = PoleFactory(published=True, **values)
    backdate(pole, days * DAY)
    pole.refresh_from_db()
    return pole


def change(pole: Pole, **values: Any) -> None:
    for name, value in values.items():
        setattr(pole, name, value)
    pole.save()


def night() -> str:
    told = StringIO()
    call_command("send_alerts", stdout=told)
    return told.getvalue()
