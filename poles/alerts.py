"""E-mail alerts: asked for, confirmed from the mailbox itself, left with one click.

Nothing but the confirmation is written to an address before its owner has confirmed, and no answer
tells whether an address already follows something.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from core.mail import send_later
from core.sendings import Limit, counted
from poles.models import Alert, AlertFrequency, Pole, Theme
from territories.models import Territory

CONFIRM_DAYS = 7
_TO_ONE_MAILBOX = Limit(hourly=3, daily=6)
# No colon: some mail programs end a link there.
_CONFIRMING = signing.TimestampSigner(salt="poles.alerts.confirm", sep=".")
_LEAVING = signing.Signer(salt="poles.alerts.leave", sep=".")


@dataclass(frozen=True)
class Followed:
    """A pole, or a région and a theme; without any, the whole registry."""

    region: Territory | None = None
    theme: Theme | None = None
    pole: Pole | None = None


@dataclass(frozen=True)
class Asked:
    """What a confirmation link says yes to."""

    alert: Alert
    frequency: AlertFrequency


def ask(email: str, frequency: AlertFrequency, followed: Followed) -> None:
    """Writes to the address how to confirm; or, where it follows this already, how to leave it."""
    if not counted("alert-mailbox", email.casefold(), _TO_ONE_MAILBOX):
        return
    with transaction.atomic():
        alert = _found_or_made(email, frequency, followed)
        known = alert.confirmed_at is not None and alert.frequency == frequency
        send_later(
            to=[email],
            subject=(
                f"Vous suivez déjà\u00a0: {alert.subject}"
                if known
                else f"Confirmez votre alerte\u00a0: {alert.subject}"
            ),
            template="alert_known" if known else "alert_confirm",
            context={
                "alert": alert,
                "frequency": frequency.label,
                "days": CONFIRM_DAYS,
                "confirm_url": _confirm_address(Asked(alert, frequency)),
                "leave_url": leave_address(alert),
            },
        )


def _found_or_made(email: str, frequency: AlertFrequency, followed: Followed) -> Alert:
    rows = Alert.objects.select_related("region", "theme", "pole").alias(bare=Lower("email"))
    subject = {"region": followed.region, "theme": followed.theme, "pole": followed.pole}
    # The same person twice at once: the second finds what the first has made.
    Alert.objects.bulk_create(
        [Alert(email=email, frequency=frequency, **subject)], ignore_conflicts=True
    )
    alert = rows.select_for_update(of=("self",)).get(bare=Lower(Value(email)), **subject)
    if alert.confirmed_at is None:
        # Asked again, it waits again.
        alert.asked_at, alert.frequency = timezone.now(), frequency
        alert.save(update_fields=["asked_at", "frequency"])
    return alert


def _confirm_address(asked: Asked) -> str:
    token = _CONFIRMING.sign_object({"n": asked.alert.pk, "f": asked.frequency})
    return settings.SITE_URL + reverse("directory:alert-confirm", args=[token])


def leave_address(alert: Alert) -> str:
    """The address that ends an alert, good as long as it lasts."""
    token = _LEAVING.sign_object(alert.pk)
    return settings.SITE_URL + reverse("directory:alert-leave", args=[token])


def asked_by(token: str) -> Asked | None:
    """What a confirmation link is for; None when it is too old or not ours."""
    try:
        said = _CONFIRMING.unsign_object(token, max_age=timedelta(days=CONFIRM_DAYS))
    except signing.BadSignature:
        return None
    alert = Alert.objects.select_related("region", "theme", "pole").filter(pk=said["n"]).first()
    return None if alert is None else Asked(alert, AlertFrequency(said["f"]))


def confirm(asked: Asked) -> None:
    """From now on the address is told what changes; twice changes nothing."""
    now = timezone.now()
    Alert.objects.filter(pk=asked.alert.pk, confirmed_at=None).update(
        confirmed_at=now, told_until=now
    )
    Alert.objects.filter(pk=asked.alert.pk).update(frequency=asked.frequency)


def left_by(token: str) -> int | None:
    """The number of the alert that a link ends; None when the link is not ours."""
    try:
        number = _LEAVING.unsign_object(token)
    except signing.BadSignature:
        return None
    return int(number)


def leave(number: int) -> None:
    """Forgets the alert and its address; twice changes nothing."""
    Alert.objects.filter(pk=number).delete()


def forget_unconfirmed() -> int:
    """Deletes what nobody confirmed in time; how many."""
    old = timezone.now() - timedelta(days=CONFIRM_DAYS)
    return Alert.objects.filter(confirmed_at=None, asked_at__lt=old).delete()[0]
