"""A person who leaves: their number stays in the history, and nothing else of them."""

import json
from collections.abc import Iterable

import pghistory
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.admin.refusals import refusal
from core.mail import forget_mails, send_later
from networks.models import AccessRequest, Invitation, Network, NetworkStaff, Role, StaffRole, User
from networks.models.people import NOWHERE
from networks.permissions import can_erase
from networks.staff import check_now, end_sessions


def erase(person: User, *, by: User, reason: str = "") -> None:
    """Erases all that says who ``person`` is, and writes to them a last time.

    What is theirs alone (drafts, imports, choices, factors, places) goes; what they did (changes,
    comments, decisions) keeps their number, which then reads « ancien agent du réseau … ». Raises
    PermissionDenied, and ValidationError where a network or the registry would be left to nobody.
    """
    try:
        _erase(person, by, reason)
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        raise ValidationError(message) from error


def _erase(person: User, by: User, reason: str) -> None:
    with transaction.atomic(), pghistory.context(user=by.pk, why=reason):
        locked = User.objects.select_for_update().get(pk=person.pk)
        allowed = can_erase(by, locked)
        if not allowed:
            raise PermissionDenied(allowed.reason)
        _leave_to_someone(locked)
        email, name, former = locked.email, locked.full_name, former_of(locked)
        addresses = {
            email,
            *EmailAddress.objects.filter(user=locked).values_list("email", flat=True),
        }
        end_sessions(locked)
        _delete_what_is_theirs(locked)
        for model in (Invitation, AccessRequest):
            model._base_manager.filter(email__in=addresses).delete()
        for address in sorted(addresses):
            forget_mails(address)
        _forget_in_admin_log([*([name] if name else []), *addresses], former)
        _blank(locked, former)
        check_now()
        send_later(
            to=[email],
            subject="Votre compte du registre des PTCE est effacé",
            template="account_erased",
            context={"number": locked.pk, "by_other": by.pk != person.pk},
        )


def left_alone(person: User) -> list[Network]:
    """Networks whose other people would have no manager any more."""
    others = NetworkStaff.objects.filter(network=OuterRef("pk")).exclude(user=person)
    managed = Network.objects.filter(staff__user=person, staff__role=StaffRole.MANAGER)
    left = managed.filter(Exists(others), ~Exists(others.filter(role=StaffRole.MANAGER)))
    return list(left.order_by("name"))


def _leave_to_someone(person: User) -> None:
    alone = left_alone(person)
    if alone:
        names = ", ".join(map(str, alone))
        raise ValidationError(
            f"Plus personne ne serait responsable de ce réseau\u00a0: {names}. Nommez d’abord "
            "quelqu’un d’autre, ou retirez-en les autres personnes."
        )


def former_of(person: User) -> str:
    """What is shown in the place of the name, from then on."""
    if person.role != Role.NETWORK:
        return "ancien auditeur" if person.role == Role.AUDITOR else "ancien agent du ministère"
    names = [
        network.acronym or network.name
        for network in Network.objects.filter(staff__user=person).order_by("name")
    ]
    if not names:
        return f"ancien compte (n°\u00a0{person.pk})"
    if len(names) == 1:
        return f"ancien agent du réseau {names[0]}"
    return f"ancien agent des réseaux {', '.join(names[:-1])} et {names[-1]}"


def _delete_what_is_theirs(person: User) -> None:
    """The rows of every room that would go if the account were deleted."""
    for link in User._meta.get_fields(include_hidden=True):
        if not (link.one_to_many or link.one_to_one) or link.concrete:
            continue
        if link.on_delete is models.CASCADE:  # type: ignore[union-attr]
            rows = link.related_model._base_manager  # type: ignore[union-attr]
            rows.filter(**{link.field.name: person}).delete()  # type: ignore[union-attr]


def _forget_in_admin_log(said: Iterable[str], former: str) -> None:
    """Django's own log of the admin site has names in its lines about accounts and staff."""
    for words in said:
        named = Q(object_repr__contains=words) | Q(change_message__contains=words)
        # Its messages are JSON, written without accents.
        named |= Q(change_message__contains=json.dumps(words)[1:-1])
        lines = LogEntry.objects.filter(named, content_type__app_label="networks")
        lines.update(object_repr=former[:200], change_message="")


def _blank(person: User, former: str) -> None:
    person.email = f"efface-{person.pk}@{NOWHERE}"
    person.full_name, person.former_as = "", former[:300]
    person.set_unusable_password()
    person.is_active, person.last_login = False, None
    person.erased_at = timezone.now()
    person.full_clean()
    person.save()
