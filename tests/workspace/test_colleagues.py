"""Colleagues of a network: invited, changed, removed, and helped when a factor is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.utils import timezone

from networks.models import FactorReset, Invitation, NetworkStaff, User
from networks.permissions import can_reset_factor
from networks.staff import accept, invite
from tests.factories import NetworkFactory, NetworkStaffFactory, UserFactory
from tests.html import assert_clean_html

pytestmark = pytest.mark.django_db

PASSWORD = "une tout autre phrase de passe"
EMAIL = "nouvelle@exemple.invalid"


@pytest.fixture
def manager(client: Client) -> User:
    user = NetworkStaffFactory(
        role="responsable", network=NetworkFactory(name="CRESS d’essai", slug="cress-d-essai")
    ).user
    client.force_login(user)
    return user


PAGE = "/espace/reseaux/cress-d-essai/"


def link_of(mail: Any) -> str:
    found = re.search(r"(/compte/invitation/\S+)", mail.body)
    assert found
    return found[1]


def test_an_invitation_makes_an_account_and_its_position(
    client: Client, manager: User, mailoutbox: list[Any]
) -> None:
    assert_clean_html(client.get(PAGE).content.decode())
    client.post(PAGE, {"email": EMAIL.upper(), "staff_role": "redacteur"})
    assert EMAIL in client.get(PAGE).content.decode()
    [mail] = mailoutbox
    assert mail.to == [EMAIL.upper().lower()]
    assert manager.full_name in mail.body
    kept = Invitation.objects.get()
    assert link_of(mail).split("/")[3] not in str(kept.__dict__)
    guest, link = Client(), link_of(mail)
    assert_clean_html(guest.get(link).content.decode())
    refused = guest.post(link, {"full_name": "Camille", "password": "motdepasse123"})
    assert "trop courant" in refused.content.decode()
    done = guest.post(link, {"full_name": "Camille", "password": PASSWORD})
    assert done["Location"] == "/espace/"
    assert guest.get("/espace/").status_code == 200
    made = User.objects.get(email=EMAIL)
    assert made.full_name == "Camille"
    assert made.check_password(PASSWORD)
    assert made.staff_positions.get().role == "redacteur"
    assert EmailAddress.objects.get(user=made).verified
    # Once only.
    assert Client().get(link).status_code == 410


def test_an_account_that_exists_gets_the_position_and_is_not_signed_in(
    client: Client, manager: User, mailoutbox: list[Any]
) -> None:
    known = UserFactory()
    client.post(PAGE, {"email": known.email, "staff_role": "redacteur"})
    guest = Client()
    done = guest.post(link_of(mailoutbox[0]))
    assert done["Location"] == "/compte/connexion/"
    assert "_auth_user_id" not in guest.session
    assert known.staff_positions.count() == 1


def test_a_closed_account_is_not_opened_by_an_invitation(
    client: Client, manager: User, mailoutbox: list[Any]
) -> None:
    closed = UserFactory(is_active=False)
    client.post(PAGE, {"email": closed.email, "staff_role": "redacteur"})
    Client().post(link_of(mailoutbox[0]))
    assert not closed.staff_positions.exists()
    closed.refresh_from_db()
    assert not closed.is_active


def test_an_invitation_expires_is_withdrawn_or_sent_again(
    client: Client, manager: User, mailoutbox: list[Any]
) -> None:
    client.post(PAGE, {"email": EMAIL, "staff_role": "redacteur"})
    first = link_of(mailoutbox[0])
    kept = Invitation.objects.get()
    client.post(PAGE, {"invitation": kept.pk, "act": "renvoyer"})
    assert Client().get(first).status_code == 410
    second = link_of(mailoutbox[1])
    assert Client().get(second).status_code == 200
    Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(second).status_code == 410
    assert "expirée" in client.get(PAGE).content.decode()
    client.post(PAGE, {"invitation": kept.pk, "act": "retirer"})
    assert "Invitations en attente" not in client.get(PAGE).content.decode()


def test_a_manager_manages_only_their_network(client: Client, manager: User) -> None:
    other = NetworkStaffFactory(role="responsable")
    assert client.get(f"/espace/reseaux/{other.network.slug}/").status_code == 403
    answer = client.post(PAGE, {"staff": other.pk, "act": "retirer"})
    assert answer.status_code == 404
    elsewhere = invite(EMAIL, by=other.user, network=other.network)
    answer = client.post(PAGE, {"invitation": elsewhere.pk, "act": "retirer"})
    assert answer.status_code == 404
    assert NetworkStaff.objects.filter(pk=other.pk).exists()


def test_a_network_keeps_a_manager(
    client: Client, manager: User, settle: Callable[[], None]
) -> None:
    own = manager.staff_positions.get()
    colleague = NetworkStaffFactory(network=own.network)
    settle()
    for act in ("retirer", "redacteur"):
        page = client.post(PAGE, {"staff": own.pk, "act": act}, follow=True)
        assert "nommez d’abord quelqu’un d’autre" in page.content.decode()
    client.post(PAGE, {"staff": colleague.pk, "act": "responsable"})
    client.post(PAGE, {"staff": own.pk, "act": "retirer"})
    assert [each.user for each in own.network.staff.all()] == [colleague.user]


def test_the_first_of_a_network_is_its_manager(mailoutbox: list[Any]) -> None:
    network = NetworkFactory()
    invite(EMAIL, by=UserFactory(officer=True), network=network)
    accept(link_of(mailoutbox[0]).split("/")[3], full_name="Une", password=PASSWORD)
    assert network.staff.get().role == "responsable"


def test_a_lost_factor_is_removed_told_and_kept(
    client: Client, manager: User, mailoutbox: list[Any]
) -> None:
    colleague = NetworkStaffFactory(network=manager.staff_positions.get().network)
    auth.TOTP.activate(colleague.user, auth.generate_totp_secret())
    client.post(PAGE, {"staff": colleague.pk, "act": "facteur", "why": " "})
    assert Authenticator.objects.exists()
    client.post(PAGE, {"staff": colleague.pk, "act": "facteur", "why": "Téléphone perdu"})
    assert not Authenticator.objects.filter(user=colleague.user).exists()
    kept = FactorReset.objects.get()
    assert (kept.user, kept.by, kept.reason) == (colleague.user, manager, "Téléphone perdu")
    event = FactorReset.pgh_event_model.objects.get()
    assert event.pgh_context.metadata["user"] == manager.pk
    assert event.pgh_context.metadata["why"] == "Téléphone perdu"
    assert mailoutbox[-1].to == [colleague.user.email]


def test_who_may_remove_whose_factor() -> None:
    network = NetworkFactory()
    manager = NetworkStaffFactory(network=network, role="responsable").user
    editor, elsewhere = NetworkStaffFactory(network=network).user, NetworkStaffFactory().user
    officer, administrator = UserFactory(officer=True), UserFactory(administrator=True)
    people = (editor, manager, elsewhere, officer, administrator)
    allowed = {
        (by.pk, whose.pk) for by in people for whose in people if can_reset_factor(by, whose)
    }
    assert allowed == {
        (manager.pk, editor.pk),
        *((officer.pk, whose.pk) for whose in (editor, manager, elsewhere)),
        *((administrator.pk, whose.pk) for whose in (editor, manager, elsewhere, officer)),
    }


def test_officers_manage_every_network(client: Client) -> None:
    staff = NetworkStaffFactory(role="responsable")
    client.force_login(UserFactory(officer=True))
    assert_clean_html(client.get("/espace/reseaux/").content.decode())
    assert client.get(f"/espace/reseaux/{staff.network.slug}/").status_code == 200
