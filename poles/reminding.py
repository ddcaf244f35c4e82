"""A reminder to those who keep a record: the pole's contact, or else its reference network."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from networks.models import Notice, User
from networks.notices import notify
from poles.concerned import publishers_of
from poles.models import Pole, RecordState
from poles.voice import send_link, sent_since

REMIND_DAYS = 30


def remind(pole: Pole, *, by: User) -> str:
    """Asks whether the record is right; to whom, in French. One transaction on its locked row.

    Raises ValidationError where it was asked within `REMIND_DAYS`, or there is nobody to ask.
    """
    with transaction.atomic():
        locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
        if locked.record_state != RecordState.PUBLISHED:
            raise ValidationError("Seul un pôle dont la fiche est publiée est relancé.")
        if locked.contact_email:
            if sent_since(locked, timezone.now() - timedelta(days=REMIND_DAYS)):
                raise ValidationError(
                    f"Son contact a déjà reçu un lien dans les {REMIND_DAYS} derniers jours."
                )
            send_link(locked, by=by)
            return "lien envoyé à son contact, pour confirmer la fiche ou la corriger"
        return _remind_network(locked)


def _remind_network(pole: Pole) -> str:
    if pole.reference_network is None:
        raise ValidationError("La fiche n’a ni contact ni réseau de référence à qui écrire.")
    people = [user for user in publishers_of(pole) if not user.is_officer]
    if not people:
        raise ValidationError(
            f"La fiche n’a pas de contact, et le réseau {pole.reference_network} n’a pas de "
            "responsable à qui écrire."
        )
    today = timezone.localdate()
    about = f"relance/{pole.pk}/"
    since = (today - timedelta(days=REMIND_DAYS)).isoformat()
    # The days sort as they are written.
    if Notice.objects.filter(about__startswith=about, about__gt=f"{about}{since}").exists():
        raise ValidationError(
            f"Son réseau de référence a déjà été relancé dans les {REMIND_DAYS} derniers jours."
        )
    notify(
        people,
        about=f"{about}{today.isoformat()}",
        subject=f"{pole.name}\u00a0: cette fiche est-elle encore juste\u00a0?",
        path=reverse("workspace:pole", args=[pole.pk]),
        template="notice",
        context={
            "sentences": [
                f"Le ministère vous demande de relire la fiche du pôle «\u00a0{pole.name}\u00a0».",
                "Confirmez-la, ou corrigez-la, et donnez-lui une adresse de contact.",
            ],
            "quoted": "",
        },
    )
    return f"courriel aux responsables du réseau {pole.reference_network}"
