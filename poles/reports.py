"""Poles that the public reports: told to the networks of the région, who answer once.

Each answer is one transaction on the locked row; it raises PermissionDenied with its reason in
French, and ValidationError for what is missing or came too late.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.allowed import Allowed
from core.mail import send_later
from core.text import slug_of
from networks.models import Network, User
from networks.notices import notify
from networks.people import officers
from networks.permissions import can_answer_reports, can_see_reports, positions_of
from poles.concerned import managers_in
from poles.models import (
    Maturity,
    Pole,
    PoleFormerSlug,
    PoleSource,
    RecordState,
    Report,
    ReportState,
)
from poles.record.writing import told_in_french

KEPT = timedelta(days=365)
_WORDS_OF_PLANNED = "en projet, d’après un signalement du public"


def report(received: Report) -> Report:
    """Keeps what somebody tells of, and tells those who answer for the région."""
    with told_in_french():
        received.full_clean(validate_unique=False)
        received.save()
        notify(
            managers_in(received.region) or list(officers()),
            about=f"signalement/{received.pk}",
            subject=f"{received.name}\u00a0: un pôle est signalé",
            path=reverse("workspace:report", args=[received.pk]),
            template="notice",
            context={
                "sentences": [
                    f"Quelqu’un signale «\u00a0{received.name}\u00a0», à {received.commune.label}.",
                    "Dites s’il est retenu, déjà connu, ou non retenu et pourquoi.",
                ],
                "quoted": received.does,
            },
        )
    return received


def seen_by(user: User) -> QuerySet[Report]:
    """The reports of the régions of the person's networks; all of them, for an officer."""
    reports = Report.objects.select_related("commune", "pole", "decided_by")
    if user.is_officer:
        return reports
    regions = {region for position in positions_of(user) for region in position.regions}
    return reports.filter(commune__region__in=regions)


def can_see(user: User, reported: Report) -> Allowed:
    return can_see_reports(user, reported.region)


def can_answer(user: User, reported: Report) -> Allowed:
    return can_answer_reports(user, reported.region)


def networks_to_keep_it(user: User, reported: Report) -> list[Network]:
    """Those of the person that may keep the new record; none for an officer."""
    managed = [
        position.network
        for position in positions_of(user)
        if position.manages and reported.region in position.regions
    ]
    return list(Network.objects.filter(pk__in=managed).order_by("name", "pk"))


def accept(reported: Report, *, by: User, network: Network | None = None) -> Pole:
    """Begins a draft with what was said, kept by ``network``; the pole."""
    with _answering(reported, by) as locked:
        possible = networks_to_keep_it(by, locked)
        if network is None and possible and not by.is_officer:
            raise ValidationError("Dites lequel de vos réseaux prend la fiche en charge.")
        if network is not None and network not in possible:
            raise PermissionDenied("Ce réseau n’est pas l’un des vôtres dans la région.")
        with _because(locked):
            pole = _draft(locked, network)
        _close(locked, ReportState.ACCEPTED, by, pole=pole)
    return pole


def refuse(reported: Report, *, by: User, reason: str) -> Report:
    if not reason.strip():
        raise ValidationError("Dites pourquoi\u00a0: la personne qui a écrit lira ce motif.")
    with _answering(reported, by) as locked:
        _close(locked, ReportState.REFUSED, by, reason=reason)
    return locked


def duplicate(reported: Report, pole: Pole, *, by: User, reason: str = "") -> Report:
    """Says that the registry has it already, as ``pole``."""
    with _answering(reported, by) as locked:
        _close(locked, ReportState.DUPLICATE, by, reason=reason, pole=pole)
    return locked


def forget_authors() -> int:
    """Erases names and addresses that were left a year ago or more; of how many reports."""
    old = Report.objects.filter(created_at__lt=timezone.now() - KEPT)
    known = old.exclude(author_email="", author_name="")
    return known.update(author_email="", author_name="")


@contextmanager
def _answering(reported: Report, by: User) -> Iterator[Report]:
    with told_in_french():
        rows = Report.objects.select_for_update(of=("self",)).select_related("commune")
        locked = rows.get(pk=reported.pk)
        allowed = can_answer(by, locked)
        if not allowed:
            raise PermissionDenied(allowed.reason)
        if locked.state != ReportState.WAITING:
            raise ValidationError("Ce signalement a déjà reçu sa réponse.")
        yield locked


def _because(reported: Report) -> pghistory.context:
    return pghistory.context(why=f"Signalement n° {reported.pk} du public")


def _draft(reported: Report, network: Network | None) -> Pole:
    slugs = set(Pole.objects.values_list("slug", flat=True))
    slugs |= set(PoleFormerSlug.objects.values_list("slug", flat=True))
    pole = Pole(
        name=reported.name,
        slug=slug_of(reported.name, slugs),
        seat=reported.commune,
        description=reported.does,
        website=reported.website,
        maturity=Maturity.PROJECT if reported.planned else Maturity.UNKNOWN,
        maturity_words=_WORDS_OF_PLANNED if reported.planned else "",
        reference_network=network,
        record_state=RecordState.DRAFT,
    )
    pole.full_clean(validate_unique=False)
    pole.save()
    for page in dict.fromkeys([reported.website, *reported.source.split()]):
        if _is_page(page):
            PoleSource.objects.create(pole=pole, url=page, seen_on=None)
    return pole


def _is_page(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return True


def _close(
    reported: Report, state: ReportState, by: User, *, reason: str = "", pole: Pole | None = None
) -> None:
    reported.state, reported.reason, reported.pole = state, reason.strip(), pole
    reported.decided_by, reported.decided_at = by, timezone.now()
    reported.save()
    _tell_author(reported)


def _tell_author(reported: Report) -> None:
    if not reported.author_email:
        return
    pole = reported.pole
    shown = pole is not None and pole.record_state == RecordState.PUBLISHED
    send_later(
        to=[reported.author_email],
        subject=f"Votre signalement, {reported.name}\u00a0: {reported.get_state_display()}",
        template="report_answered",
        context={
            "report": reported,
            "accepted": reported.state == ReportState.ACCEPTED,
            "duplicate": reported.state == ReportState.DUPLICATE,
            "pole_url": settings.SITE_URL + pole.get_absolute_url() if pole and shown else "",
        },
    )
