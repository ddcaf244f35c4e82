"""The people of the ministry, whom an administrator invites and removes."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.usersessions.models import UserSession
from django.test import Client

from networks.models import FactorReset, Invitation, User
from tests.breaking import undone
from tests.factories import NetworkStaffFactory, UserFactory
from tests.html import assert_clean_html
from tests.workspace.staff import MAX_STATEMENTS, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/espace/ministere/"
EMAIL = "nouvelle@exemple.invalid"
PASSWORD = "une tout autre phrase de passe"


@pytest.fixture
def administrator() -> User:
    return UserFactory(administrator=True, full_name="Claude Administrateur")


@pytest.fixture
def site(administrator: User) -> Client:
    return signed_in(administrator)


def said(answer: Any) -> str:
    html = answer.content.decode()
    assert_clean_html(html)
    return " ".join(html.split())


@pytest.mark.parametrize("role", ["agent", "administrateur"])
def test_an_invitation_makes_an_account_of_the_ministry(
    site: Client, mailoutbox: list[Any], role: str
) -> None:
    assert "Agents, administrateurs et auditeurs" in said(site.get(PAGE))
    answer = site.post(PAGE, {"email": EMAIL, "role": role}, follow=True)
    assert f"L’invitation est envoyée à {EMAIL}." in said(answer)
    assert "Invitations en attente" in said(site.get(PAGE))
    [mail] = mailoutbox
    found = re.search(r"(/compte/invitation/\S+)", mail.body)
    assert found
    guest = Client()
    assert "pour le ministère" in said(guest.get(found[1]))
    guest.post(found[1], {"full_name": "Camille", "password": PASSWORD})
    made = User.objects.get(email=EMAIL)
    assert (made.role, made.full_name) == (role, "Camille")
    page = said(site.get(PAGE))
    assert "Camille" in page
    assert "Invitations en attente" not in page


def test_an_invitation_is_sent_again_or_withdrawn(site: Client, mailoutbox: list[Any]) -> None:
    refused = said(site.post(PAGE, {"email": "personne", "role": "agent"}))
    assert "adresse" in refused
    assert mailoutbox == []
    assert "Sélectionnez un choix valide" in said(
        site.post(PAGE, {"email": EMAIL, "role": "reseau"})
    )
    site.post(PAGE, {"email": EMAIL, "role": "agent"})
    kept = Invitation.objects.get()
    site.post(PAGE, {"invitation": kept.pk, "act": "renvoyer"})
    assert [mail.to for mail in mailoutbox] == [[EMAIL]] * 2
    site.post(PAGE, {"invitation": kept.pk, "act": "retirer"})
    kept.refresh_from_db()
    assert kept.withdrawn_at is not None
    # That of a network is not answered from here.
    other = Invitation.objects.create(
        email=EMAIL,
        network=NetworkStaffFactory().network,
        staff_role="redacteur",
        token_digest="0" * 64,
        expires_at=kept.expires_at,
    )
    assert site.post(PAGE, {"invitation": other.pk, "act": "retirer"}).status_code == 404


def test_who_is_of_the_ministry_is_not_invited_again(
    site: Client, administrator: User, mailoutbox: list[Any]
) -> None:
    answer = site.post(PAGE, {"email": administrator.email, "role": "agent"}, follow=True)
    assert "déjà du ministère" in said(answer)
    assert mailoutbox == []


def test_officers_and_networks_are_refused() -> None:
    for user in (UserFactory(officer=True), NetworkStaffFactory(role="responsable").user):
        client = signed_in(user)
        for answer in (client.get(PAGE), client.post(PAGE, {"email": EMAIL, "role": "agent"})):
            assert answer.status_code == 403
            assert "Seul un administrateur" in said(answer)
        assert PAGE not in said(client.get("/espace/"))
    assert not Invitation.objects.exists()


def test_an_officer_is_removed_and_their_sessions_closed(site: Client) -> None:
    officer = UserFactory(officer=True, full_name="Dominique Agente")
    theirs = signed_in(officer)
    key = theirs.session.session_key
    UserSession.objects.create(user=officer, session_key=key, ip="192.0.2.7")
    assert theirs.get("/espace/").status_code == 200
    answer = site.post(PAGE, {"person": officer.pk, "act": "retirer"}, follow=True)
    assert "Dominique Agente n’est plus du ministère." in said(answer)
    officer.refresh_from_db()
    assert (officer.role, officer.is_active) == ("reseau", True)
    assert theirs.get("/espace/").status_code == 302
    again = site.post(PAGE, {"person": officer.pk, "act": "retirer"})
    assert again.status_code == 404


def test_roles_change_and_an_administrator_remains(site: Client, administrator: User) -> None:
    officer = UserFactory(officer=True)
    for act in ("agent", "retirer"):
        answer = site.post(PAGE, {"person": administrator.pk, "act": act}, follow=True)
        assert "nommez d’abord quelqu’un d’autre" in said(answer)
        administrator.refresh_from_db()
        assert administrator.role == "administrateur"
    site.post(PAGE, {"person": officer.pk, "act": "administrateur"})
    officer.refresh_from_db()
    assert officer.is_administrator
    with undone():
        answer = site.post(PAGE, {"person": administrator.pk, "act": "agent"})
        assert answer["Location"] == "/compte/"
        assert site.get(PAGE).status_code == 403


def test_a_lost_factor_is_removed(site: Client, mailoutbox: list[Any]) -> None:
    officer = UserFactory(officer=True)
    auth.TOTP.activate(officer, auth.generate_totp_secret())
    site.post(PAGE, {"person": officer.pk, "act": "facteur", "why": "Téléphone perdu"})
    assert not Authenticator.objects.filter(user=officer).exists()
    assert FactorReset.objects.get().reason == "Téléphone perdu"
    assert mailoutbox[-1].to == [officer.email]


def test_the_page_costs_the_same_for_many(site: Client, django_assert_max_num_queries: Any) -> None:
    counts: list[int] = []
    for _ in range(2):
        for n in range(10):
            UserFactory(officer=True)
            Invitation.objects.create(
                email=f"une{len(counts)}-{n}@exemple.invalid",
                role="agent",
                token_digest=f"{len(counts)}{n:063d}",
                expires_at="2030-01-01T00:00Z",
            )
        with django_assert_max_num_queries(MAX_STATEMENTS) as counted:
            site.get(PAGE)
        counts.append(len(counted))
    assert counts[0] == counts[1]
