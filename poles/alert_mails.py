"""The mails of the alerts: what changed since the last one, and nothing when nothing did."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.mail import send_later
from poles.alerts import leave_address
from poles.models import Alert, AlertFrequency, Pole
from poles.news import News, news_between, settled_until
from poles.public_history import Changes

_BATCH = 200
_SHOWN = 40
_DAYS = {AlertFrequency.DAILY: 1, AlertFrequency.WEEKLY: 7}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """A pole that changed, as a mail tells it."""

    pole: Pole
    changes: Changes
    sentences: list[str]

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.pole.get_absolute_url()

    @property
    def where(self) -> str:
        return self.pole.seat.label if self.pole.seat else ""


@dataclass
class Sent:
    """What a night came to."""

    mails: int = 0
    quiet: int = 0
    failed: list[int] = field(default_factory=list)


class _Night:
    """What changed, read once for all the alerts that are due."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.until = until
        self._news: dict[int, News] = news_between(since, until)
        poles = Pole.objects.filter(pk__in=self._news).select_related("seat", "seat__departement")
        self._poles = list(poles.prefetch_related("themes").order_by("name", "pk"))
        self.told_since = cache(self._told_since)

    def told(self, alert: Alert) -> list[Told]:
        """New poles first, then the acts on a record, then what was merely corrected."""
        since = alert.told_until or self.until
        told = [each for each in self.told_since(since) if _follows(alert, each.pole)]
        return sorted(told, key=lambda each: (not each.changes.published, not each.changes.acts))

    def _told_since(self, moment: datetime) -> list[Told]:
        told = []
        for pole in self._poles:
            changes = self._news[pole.pk].since(moment)
            if sentences := changes.sentences():
                told.append(Told(pole, changes, sentences))
        return told


def _follows(alert: Alert, pole: Pole) -> bool:
    if alert.pole_id is not None:
        return alert.pole_id == pole.pk
    if alert.region_id is not None:
        seat = pole.seat
        if seat is None or alert.region_id not in {seat.pk, seat.region_id}:
            return False
    return alert.theme_id is None or any(each.pk == alert.theme_id for each in pole.themes.all())


def send_alerts() -> Sent:
    """Writes to each address whose day it is; one that fails keeps its turn, and stops no other."""
    sent = Sent()
    oldest = _due().aggregate(oldest=Min("told_until"))["oldest"]
    if oldest is None:
        return sent
    night = _Night(oldest, settled_until())
    for number in _numbers():
        try:
            wrote = _send(number, night)
        except Exception:
            _logger.exception("L’alerte %s n’a pas été écrite.", number)
            sent.failed.append(number)
        else:
            sent.mails += wrote
            sent.quiet += not wrote
    return sent


def _due() -> QuerySet[Alert]:
    """Those whose last mail told up to another day, or to the week before."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    due = Alert.objects.none()
    for frequency, days in _DAYS.items():
        begins = today - timedelta(days=days - 1)
        due |= Alert.objects.filter(frequency=frequency, told_until__lt=begins)
    return due.order_by("pk")


def _numbers() -> Iterator[int]:
    last = 0
    while batch := list(_due().filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        yield from batch
        last = batch[-1]


def _send(number: int, night: _Night) -> bool:
    """Whether there was something to write."""
    with transaction.atomic():
        rows = _due().select_related("region", "theme", "pole").select_for_update(of=("self",))
        alert = rows.filter(pk=number).first()
        if alert is None:
            # Left, or told by another run, meanwhile.
            return False
        told = night.told(alert)
        if told:
            _write(alert, told, night.until)
        alert.told_until = max(night.until, alert.told_until or night.until)
        alert.save(update_fields=["told_until"])
    return bool(told)


def _write(alert: Alert, told: list[Told], until: datetime) -> None:
    leave = leave_address(alert)
    filters = {
        name: value
        for name, value in (
            ("region", alert.region.code if alert.region else ""),
            ("theme", alert.theme.slug if alert.theme else ""),
        )
        if value
    }
    poles = "1 pôle a changé" if len(told) == 1 else f"{len(told)} pôles ont changé"
    send_later(
        to=[alert.email],
        subject=(
            f"{alert.subject}\u00a0: la fiche a changé"
            if alert.pole
            else f"Registre des PTCE, {alert.subject}\u00a0: {poles}"
        ),
        template="alert_news",
        context={
            "alert": alert,
            "frequency": AlertFrequency(alert.frequency).label,
            "told": told[:_SHOWN],
            "others": len(told) - len(told[:_SHOWN]),
            "since": alert.told_until,
            "until": until,
            "list_url": settings.SITE_URL
            + reverse("directory:pole-list")
            + (f"?{urlencode(filters)}" if filters else ""),
            "leave_url": leave,
        },
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
