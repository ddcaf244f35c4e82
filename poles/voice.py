"""The pole's own voice: a signed link to its contact, by which it confirms or proposes.

The link holds for `LINK_DAYS`, for one pole at one address: once the contact changes, it is dead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from core.mail import send_later
from networks.models import User
from poles.models import Pole, PoleQuerySet, RecordState, VoiceLink
from poles.record import Change, write

LINK_DAYS = 60
_SALT = "poles.voice"
# No colon: some mail programs end a link there.
_SIGNER = signing.TimestampSigner(salt=_SALT, sep=".")
_ONCE_A = timedelta(hours=24)
_YEARLY = timedelta(days=365)
# A night writes to so many at most: a mail server takes a thousand letters at once for an attack.
A_NIGHT = 200
WHY = "Dit par le pôle lui-même, par le lien envoyé à son contact"


@dataclass(frozen=True)
class Heard:
    """Who speaks; ``expired``: the link is too old to be used, but was theirs."""

    pole: Pole
    expired: bool


def link_of(pole: Pole) -> str:
    """The path of the pole's link, from now on."""
    token = _SIGNER.sign(f"{pole.pk}-{_digest(pole)}")
    return reverse("directory:voice", args=[token])


def heard(token: str) -> Heard | None:
    """None for a link that was never given, or whose pole or address is no more what it was."""
    try:
        number, _, digest = _SIGNER.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    pole = _speaking(int(number), digest)
    if pole is None:
        return None
    try:
        _SIGNER.unsign(token, max_age=timedelta(days=LINK_DAYS))
    except signing.SignatureExpired:
        return Heard(pole, expired=True)
    return Heard(pole, expired=False)


def _speaking(number: int, digest: str) -> Pole | None:
    """The published pole of that link; of a double that was merged, the one that stands for it,
    where both have the same contact."""
    rows = Pole.objects.select_related(
        "seat", "reference_network", "merged_into__seat", "merged_into__reference_network"
    )
    asked = rows.filter(pk=number).first()
    pole = asked if asked is None or asked.merged_into is None else asked.merged_into
    if asked is None or pole is None or pole.record_state != RecordState.PUBLISHED:
        return None
    if not pole.contact_email or not constant_time_compare(digest, _digest(asked)):
        return None
    same = _address(asked) == _address(pole)
    return pole if same else None


def send_link(pole: Pole, *, by: User | None = None) -> None:
    """Mails the link to the pole's contact, in one transaction on its locked row.

    Raises ValidationError where there is nobody to write to, or a link left within the day.
    """
    with transaction.atomic():
        locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
        if locked.record_state != RecordState.PUBLISHED:
            raise ValidationError("Seul un pôle dont la fiche est publiée reçoit son lien.")
        if not locked.contact_email:
            raise ValidationError("La fiche n’a pas d’adresse de contact où envoyer le lien.")
        if sent_since(locked, timezone.now() - _ONCE_A):
            raise ValidationError(
                "Un lien est déjà parti vers ce contact dans les dernières vingt-quatre heures."
            )
        _send(locked, by)


def yearly() -> PoleQuerySet:
    """Published poles whose contact was sent no link for a year, the longest waiting first."""
    old = timezone.now() - _YEARLY
    found = Pole.objects.published().exclude(contact_email="")
    found = found.annotate(last_link=Max("voice_links__sent_at"))
    return found.filter(Q(last_link=None) | Q(last_link__lt=old)).order_by("last_link", "pk")


def send_yearly() -> int:
    """Sends the links of the year, `A_NIGHT` at most, a transaction each; how many."""
    sent = 0
    for pk in list(yearly().values_list("pk", flat=True)[:A_NIGHT]):
        with transaction.atomic():
            locked = Pole.objects.select_for_update(of=("self",)).get(pk=pk)
            # What changed since the list was read counts.
            if locked.record_state != RecordState.PUBLISHED or not locked.contact_email:
                continue
            if sent_since(locked, timezone.now() - _YEARLY):
                continue
            _send(locked, None)
            sent += 1
    return sent


def confirm(pole: Pole) -> None:
    """The pole says that its record is right. Raises what `write` raises."""
    today = timezone.localdate().isoformat()
    before = pole.confirmed_on.isoformat() if pole.confirmed_on else None
    with pghistory.context(why=WHY):
        write(pole, [Change("confirmed_on", before, today)])


def sent_since(pole: Pole, moment: datetime) -> bool:
    return pole.voice_links.filter(sent_at__gt=moment).exists()


def _send(pole: Pole, by: User | None) -> None:
    VoiceLink.objects.create(pole=pole, sent_at=timezone.now(), sent_by=by)
    send_later(
        to=[pole.contact_email],
        subject=f"{pole.name}\u00a0: votre fiche dans le registre des PTCE est-elle juste\u00a0?",
        template="voice",
        context={
            "pole": pole,
            "link": settings.SITE_URL + link_of(pole),
            "days": LINK_DAYS,
            "page": settings.SITE_URL + pole.get_absolute_url(),
        },
    )


def _digest(pole: Pole) -> str:
    return salted_hmac(_SALT, f"{pole.pk}\n{_address(pole)}", algorithm="sha256").hexdigest()[:32]


def _address(pole: Pole) -> str:
    return pole.contact_email.strip().casefold()
