"""The people of networks: inviting, accepting, positions, and the second factor that was lost."""

import hashlib
import secrets
from datetime import timedelta

import pghistory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.mail import send_later
from networks.models import FactorReset, Invitation, Network, NetworkStaff, Role, StaffRole, User
from networks.people import ministry

DAYS = 14


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    email: str, *, by: User, network: Network | None = None, staff_role: str = "", role: str = ""
) -> Invitation:
    """Writes to ``email`` with a link that serves once; without ``network``, to the ministry.

    An invitation of the same address to the same place that waits is sent again, with a new link.
    """
    with transaction.atomic():
        if network is not None and network.staff.filter(user__email=email).exists():
            raise ValidationError("Cette personne est déjà dans le réseau.")
        if network is None and ministry().filter(email=email).exists():
            raise ValidationError("Cette personne est déjà du ministère.")
        waiting = Invitation.objects.select_for_update().filter(
            email=email, network=network, accepted_at=None, withdrawn_at=None
        )
        invitation = waiting.first() or Invitation(email=email, network=network)
        invitation.staff_role = staff_role or (StaffRole.EDITOR if network else "")
        invitation.role = Role.NETWORK if network else (role or Role.OFFICER)
        invitation.invited_by = by
        _send(invitation)
        return invitation


def send_again(invitation: Invitation) -> None:
    """A new link, for as long; the former one no longer serves."""
    with transaction.atomic():
        found = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if found.accepted_at or found.withdrawn_at:
            raise ValidationError("Cette invitation n’attend plus de réponse.")
        _send(found)


def _send(invitation: Invitation) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest_of(token)
    invitation.expires_at = timezone.now() + timedelta(days=DAYS)
    invitation.full_clean(exclude=["invited_by"])
    invitation.save()
    place = str(invitation.network or "le ministère")
    send_later(
        to=[invitation.email],
        subject=f"Invitation au registre des PTCE\u00a0: {place}",
        template="invitation",
        context={
            "place": place,
            "ministry": invitation.network is None,
            "by": str(invitation.invited_by or ""),
            "until": invitation.expires_at,
            "link": f"{settings.SITE_URL}{reverse('invitation', args=[token])}",
        },
    )


def withdraw(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )


def invitation_of(token: str, *, lock: bool = False) -> Invitation | None:
    """That of the link, if it still waits for its answer."""
    found = Invitation.objects.filter(
        token_digest=digest_of(token),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
    )
    if lock:
        return found.select_for_update().first()
    return found.select_related("network").first()


def account_at(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def accept(token: str, *, full_name: str = "", password: str = "") -> User:
    """The place is the person's; without an account, one is made with this name and password.

    The link came by mail: the address is confirmed by it. Raises ValidationError.
    """
    with transaction.atomic():
        invitation = invitation_of(token, lock=True)
        if invitation is None:
            raise ValidationError("Cette invitation n’est plus valable.")
        user = account_at(invitation.email)
        if user is None:
            user = User.objects.create_user(
                invitation.email, password, full_name=full_name, role=invitation.role
            )
        elif not user.is_active:
            raise ValidationError("Ce compte est désactivé\u00a0: écrivez au ministère.")
        elif invitation.network is None and user.role == Role.NETWORK:
            User.objects.filter(pk=user.pk).update(role=invitation.role)
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        if invitation.network is not None:
            NetworkStaff.objects.get_or_create(
                network=invitation.network,
                user=user,
                # The first of a network is its manager, whatever was asked.
                defaults={"role": _role_for(invitation)},
            )
        invitation.accepted_at = timezone.now()
        invitation.save()
        return user


def _role_for(invitation: Invitation) -> str:
    others = NetworkStaff.objects.filter(network=invitation.network)
    has_manager = others.filter(role=StaffRole.MANAGER).exists()
    return invitation.staff_role if has_manager else StaffRole.MANAGER


def change_role(staff: NetworkStaff, role: str) -> None:
    """Raises the database's refusal where a network would keep staff without a manager."""
    with transaction.atomic():
        found = NetworkStaff.objects.select_for_update().get(pk=staff.pk)
        found.role = role
        found.full_clean()
        found.save()
        check_now()


def remove(staff: NetworkStaff) -> None:
    with transaction.atomic():
        NetworkStaff.objects.filter(pk=staff.pk).delete()
        check_now()


def change_ministry_role(person: User, role: str) -> None:
    """Raises the database's refusal where no administrator would remain."""
    if role not in {Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR}:
        raise ValidationError("Ce rôle n’est pas de ceux du ministère.")
    with transaction.atomic():
        _officer(person).update(role=role)
        check_now()


def leave_ministry(person: User) -> None:
    """Takes what the ministry opens away, and closes what is open; places in networks remain."""
    with transaction.atomic():
        _officer(person).update(role=Role.NETWORK)
        check_now()
        end_sessions(person)


def _officer(person: User) -> QuerySet[User]:
    """The account, its row locked. Raises ValidationError once it is none of the ministry's."""
    if ministry().select_for_update().filter(pk=person.pk).first() is None:
        raise ValidationError("Cette personne n’est plus du ministère.")
    return User.objects.filter(pk=person.pk)


def check_now() -> None:
    """What the commit would refuse is refused while the page can still say it."""
    with connection.cursor() as cursor:
        for moment in ("IMMEDIATE", "DEFERRED"):
            cursor.execute(
                f"SET CONSTRAINTS networks_check_managers, networks_check_administrators {moment}"
            )


def reset_factor(person: User, *, by: User, reason: str) -> None:
    """Removes the second factor of ``person``, closes what is open, tells them, and keeps it."""
    with transaction.atomic(), pghistory.context(why=reason):
        User.objects.select_for_update().get(pk=person.pk)
        made = FactorReset(user=person, by=by, reason=reason)
        made.full_clean()
        made.save()
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        send_later(
            to=[person.email],
            subject="Double authentification retirée",
            template="factor_reset",
            context={
                "by": str(by),
                "reason": reason,
                "reset": f"{settings.SITE_URL}{reverse('account_reset_password')}",
            },
        )


def end_sessions(person: User) -> None:
    for session in UserSession.objects.filter(user=person).order_by("pk"):
        session.end()
