"""People without an account ask for an access, and an officer answers, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.mail import send_later
from core.sendings import Limit, counted
from networks.models import AccessRequest, AccessState, Network, StaffRole, User
from networks.notices import notify
from networks.people import officers
from networks.permissions import can_answer_access_requests
from networks.staff import invite

KEPT = timedelta(days=365)
# Nobody fills someone else's mailbox by writing their address into the form.
_TO_ONE_ADDRESS = Limit(hourly=2, daily=4)
LONGEST_REASON = 2000


def ask(
    *, email: str, full_name: str, message: str, network: Network | None, network_words: str
) -> None:
    """Keeps what is asked, in the place of what waits from the same address; tells both sides.

    Nothing in it depends on whether the address has an account.
    """
    with transaction.atomic():
        made, new = AccessRequest.objects.update_or_create(
            email=email.lower(),
            state=AccessState.WAITING,
            defaults={
                "full_name": full_name,
                "message": message,
                "network": network,
                "network_words": "" if network else network_words,
                "created_at": timezone.now(),
            },
        )
        if counted("acces-recu", made.email, _TO_ONE_ADDRESS):
            send_later(
                to=[made.email],
                subject="Votre demande d’accès au registre des PTCE est reçue",
                template="access_received",
                context={"reset": settings.SITE_URL + reverse("account_reset_password")},
            )
        if new:
            _tell_officers(made)


def _tell_officers(made: AccessRequest) -> None:
    """What is kept of it for months names nobody."""
    notify(
        officers(),
        about=f"acces/{made.pk}",
        subject="Une demande d’accès attend une réponse",
        path=reverse("workspace:access-request", args=[made.pk]),
        template="notice",
        context={
            "sentences": [
                "Une personne sans compte demande un accès au registre.",
                "Invitez-la, ou refusez en disant pourquoi\u00a0: elle lira ce motif.",
            ],
            "quoted": "",
        },
    )


def waiting() -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(state=AccessState.WAITING)


def accept_request(
    asked: AccessRequest, *, network: Network | None, staff_role: str, by: User
) -> AccessRequest:
    """The person is invited: the address is theirs once they open the link."""
    if network is None or staff_role not in StaffRole.values:
        raise ValidationError("Choisissez le réseau et le rôle.")
    with _answering(asked, by) as found:
        invite(found.email, by=by, network=network, staff_role=staff_role)
        found.network = network
        _answer(found, AccessState.ACCEPTED, by)
    return found


def refuse_request(asked: AccessRequest, *, reason: str, by: User) -> AccessRequest:
    if not reason.strip():
        raise ValidationError("Dites pourquoi\u00a0: la personne lira ce motif.")
    if len(reason) > LONGEST_REASON:
        raise ValidationError(f"Le motif compte {LONGEST_REASON} caractères au plus.")
    with _answering(asked, by) as found:
        found.reason = reason.strip()
        _answer(found, AccessState.REFUSED, by)
        send_later(
            to=[found.email],
            subject="Votre demande d’accès au registre des PTCE",
            template="access_refused",
            context={"reason": found.reason},
        )
    return found


@contextmanager
def _answering(asked: AccessRequest, by: User) -> Iterator[AccessRequest]:
    allowed = can_answer_access_requests(by)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    with transaction.atomic():
        found = AccessRequest.objects.select_for_update().get(pk=asked.pk)
        if found.state != AccessState.WAITING:
            raise ValidationError("Cette demande a déjà reçu sa réponse.")
        yield found


def _answer(found: AccessRequest, state: AccessState, by: User) -> None:
    found.state, found.answered_by, found.answered_at = state, by, timezone.now()
    found.save()


def forget_old_requests() -> int:
    """Deletes those that came a year ago or more, answered or not; how many."""
    return AccessRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
