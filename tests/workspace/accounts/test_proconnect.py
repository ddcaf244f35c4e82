"""Signing in with ProConnect: whom it opens the registry to, and with which factors."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.test import Client

from networks.models import User
from tests.factories import UserFactory
from tests.html import assert_clean_html
from tests.workspace.accounts.proconnect_server import ProConnect
from tests.workspace.accounts.proconnecting import (
    BACK,
    LEAVE,
    PERSON,
    START,
    SUBJECT,
    come,
    confirmed,
    editor,
    is_signed_in,
    onward,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_factor]


def test_the_button_shows_where_it_leads_somewhere(client: Client, proconnect: ProConnect) -> None:
    page = client.get("/compte/connexion/?next=/espace/imports/").content.decode()
    assert_clean_html(page)
    assert "S’identifier avec" in page
    assert page.count('name="next" value="/espace/imports/"') == 2
    assert client.get(START)["Location"] == "/compte/connexion/"


def test_it_is_off_unless_configured(client: Client) -> None:
    assert "ProConnect" not in client.get("/compte/connexion/").content.decode()
    addresses = (START, BACK, "/compte/proconnect/sortie/")
    assert [client.get(each).status_code for each in addresses] == [404, 404, 404]
    assert client.post(START).status_code == 404


def test_a_verified_address_links_the_identity_to_its_account(
    client: Client, proconnect: ProConnect, mailoutbox: list[Any]
) -> None:
    user = editor()
    answer = come(client, proconnect, next="/espace/imports/")
    assert (answer.status_code, answer["Location"]) == (302, "/espace/imports/")
    assert client.session["_auth_user_id"] == str(user.pk)
    linked = SocialAccount.objects.get()
    assert (linked.provider, linked.uid, linked.user) == ("proconnect", SUBJECT, user)
    assert set(linked.extra_data) == {"idp_id", "siret", "organization_label", "acr", "amr"}
    [mail] = mailoutbox
    assert mail.to == [user.email]
    assert "ProConnect" in mail.subject
    assert User.objects.count() == 1 + User.objects.exclude(pk=user.pk).count()


def test_it_is_kept_as_any_sign_in_is(client: Client, proconnect: ProConnect) -> None:
    user = editor()
    assert user.last_login is None
    come(client, proconnect)
    user.refresh_from_db()
    assert user.last_login is not None
    assert client.get("/espace/").status_code == 200
    assert UserSession.objects.get(user=user).session_key == client.session.session_key
    assert client.session.get_expire_at_browser_close()


def test_a_known_identity_opens_its_account_whatever_its_address(
    client: Client, proconnect: ProConnect, mailoutbox: list[Any]
) -> None:
    user = editor()
    come(client, proconnect)
    client.post(LEAVE)
    # Someone else has come to that address since.
    other = confirmed("autre@ministere.invalid")
    proconnect.person |= {"email": other.email, "email_verified": False}
    assert come(client, proconnect).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.count() == 1
    assert len(mailoutbox) == 1


def test_another_identity_provider_is_another_identity_of_the_same_person(
    client: Client, proconnect: ProConnect
) -> None:
    user = editor()
    come(client, proconnect)
    proconnect.person["sub"] = "un-autre-fournisseur"
    come(Client(), proconnect)
    assert set(SocialAccount.objects.values_list("uid", flat=True)) == {
        SUBJECT,
        "un-autre-fournisseur",
    }
    assert set(SocialAccount.objects.values_list("user", flat=True)) == {user.pk}


def test_no_account_is_made_for_a_stranger(
    client: Client, proconnect: ProConnect, mailoutbox: list[Any]
) -> None:
    before = User.objects.count()
    page = come(client, proconnect)
    assert page.status_code == 403
    said = page.content.decode()
    assert_clean_html(said)
    assert "Aucun compte ne vous correspond" in said
    assert "camille.essai@ministere.invalid" in said
    assert "/compte/demander-un-acces/" in said
    assert not is_signed_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert mailoutbox == []
    # ProConnect would let the same person in again: there is a way out of it.
    assert onward(client.post(LEAVE)).startswith(f"{proconnect.url}/session/end?")


@pytest.mark.parametrize("said", [False, "false", "true", 1, None, "absent"])
def test_an_address_that_is_not_verified_opens_nothing(
    client: Client, proconnect: ProConnect, said: Any
) -> None:
    editor()
    proconnect.person["email_verified"] = said
    if said == "absent":
        del proconnect.person["email_verified"]
    page = come(client, proconnect)
    assert page.status_code == 403
    assert_clean_html(page.content.decode())
    assert "n’est pas vérifiée" in page.content.decode()
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0


def test_addresses_may_be_trusted_where_proconnect_says_nothing(
    client: Client, proconnect: ProConnect, settings: Any
) -> None:
    user = editor()
    settings.PROCONNECT_ADDRESSES_VERIFIED = True
    proconnect.person["email_verified"] = False
    assert come(client, proconnect).status_code == 403
    del proconnect.person["email_verified"]
    assert come(client, proconnect).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("email", [None, "", "pas une adresse", ["a@b.invalid"]])
def test_without_an_address_nothing_opens(
    client: Client, proconnect: ProConnect, email: Any
) -> None:
    proconnect.person["email"] = email
    page = come(client, proconnect)
    assert page.status_code == 403
    assert "aucune adresse électronique" in page.content.decode()


def test_an_account_whose_own_address_waits_is_not_taken(
    client: Client, proconnect: ProConnect
) -> None:
    user = UserFactory(email=PERSON["email"])
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    assert come(client, proconnect).status_code == 403
    assert SocialAccount.objects.count() == 0


def test_a_closed_account_stays_closed(client: Client, proconnect: ProConnect) -> None:
    user = editor()
    come(client, proconnect)
    client.post(LEAVE)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert come(client, proconnect)["Location"] == "/compte/inactif/"
    assert not is_signed_in(client)
    # Nor is it linked, where it was not.
    SocialAccount.objects.all().delete()
    assert come(client, proconnect)["Location"] == "/compte/inactif/"
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0


STRONG = [{"acr": "eidas2"}, {"acr": "eidas3", "amr": []}, {"acr": "eidas1", "amr": ["pwd", "mfa"]}]
WEAK: list[dict[str, Any]] = [
    {},
    {"acr": "eidas1", "amr": ["pwd"]},
    {"acr": ["eidas2"], "amr": "mfa"},
    {"acr": None, "amr": {"mfa": True}},
]


@pytest.mark.parametrize("identity", STRONG)
def test_two_factors_shown_there_are_both_here(
    client: Client, proconnect: ProConnect, identity: dict[str, Any]
) -> None:
    user = confirmed(officer=True)
    auth.TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    proconnect.identity = identity
    assert come(client, proconnect)["Location"] == "/admin/"
    assert client.get("/espace/").status_code == 200
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("identity", WEAK)
def test_a_weak_sign_in_is_asked_for_the_second_factor_of_the_site(
    client: Client, proconnect: ProConnect, identity: dict[str, Any]
) -> None:
    user = confirmed(officer=True)
    proconnect.identity = identity
    come(client, proconnect)
    set_up = "/compte/double-authentification/application/"
    assert client.get("/espace/")["Location"] == set_up
    assert client.get("/admin/")["Location"] == set_up
    client.post(LEAVE)
    # Who has one is asked for it before being let in at all.
    auth.TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = come(client, proconnect)
    assert answer["Location"] == "/compte/double-authentification/code/"
    assert not is_signed_in(client)


def test_a_strong_sign_in_of_before_is_not_one_of_today(
    client: Client, proconnect: ProConnect
) -> None:
    confirmed(officer=True)
    come(client, proconnect)
    client.post(LEAVE)
    proconnect.identity = {"acr": "eidas1", "amr": ["pwd"]}
    come(client, proconnect)
    assert client.get("/espace/").status_code == 302


def test_who_needs_one_factor_comes_in_with_one(client: Client, proconnect: ProConnect) -> None:
    editor()
    proconnect.identity = {"acr": "eidas1", "amr": ["pwd"]}
    come(client, proconnect)
    assert client.get("/espace/").status_code == 200


def test_someone_else_who_is_signed_in_is_signed_out_first(
    client: Client, proconnect: ProConnect
) -> None:
    user, other = editor(), confirmed("autre@exemple.invalid")
    client.force_login(other)
    come(client, proconnect)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_attempts_are_counted(client: Client, proconnect: ProConnect) -> None:
    answers = [client.post(START).status_code for _ in range(31)]
    assert answers[:30] == [200] * 30
    assert answers[30] == 429


def test_one_goes_on_within_the_site_only(client: Client, proconnect: ProConnect) -> None:
    editor()
    assert come(client, proconnect, next="https://ailleurs.example/")["Location"] == "/espace/"
