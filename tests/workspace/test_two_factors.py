"""The second factor: asked of managers, officers and administrators, and of no one by surprise."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client
from django.urls import resolve, reverse

from networks.models import User
from ptce_registry.demonstration import demo_codes
from tests.factories import PASSWORD, NetworkStaffFactory, UserFactory
from tests.html import assert_clean_html
from tests.permissions.table import TABLE
from tests.permissions.walk import addresses, path_of, rows_of
from tests.permissions.world import build
from workspace.accounts.gate import is_open

pytestmark = [pytest.mark.django_db, pytest.mark.one_factor]

SET_UP = "/compte/double-authentification/application/"
LOGIN = "/compte/connexion/"
CONFIRM = "/compte/double-authentification/verification/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def manager() -> User:
    return confirmed(NetworkStaffFactory(role="responsable").user)


def code(secret: str = SECRET, steps: int = 0) -> str:
    now = list(auth.yield_hotp_counters_from_time())[1]
    return auth.format_hotp_value(auth.hotp_value(secret, now + steps))


def sign_in(client: Client, user: User) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


PEOPLE = (
    manager,
    lambda: confirmed(UserFactory(officer=True)),
    lambda: confirmed(UserFactory(administrator=True)),
)


@pytest.mark.parametrize("make", PEOPLE)
def test_nothing_opens_but_the_way_to_the_second_factor(make: Any) -> None:
    """Every address of the site that is not named open, by GET and by POST."""
    world = build()
    client, user = Client(), make()
    client.force_login(user)
    opened, walked = [], 0
    for address in addresses():
        row = rows_of(address, TABLE)[0]
        path = path_of(address, row, world)
        # What is open is not visited: signing out is.
        if is_open(resolve(path)):
            continue
        for method in (client.get, client.post):
            response = method(path)
            walked += 1
            if response.status_code != 302 or response["Location"] != SET_UP:
                opened.append(path)
    assert opened == []
    assert walked > 100


def test_what_is_open_is_the_public_s_or_leads_on() -> None:
    """No page of the workspace, of the admin, or that changes an account."""
    names = {a.name for a in addresses() if not a.name.startswith(("workspace:", "admin"))}
    shut = {"account", "account_email", "account_change_password", "account_set_password"}
    shut |= {"mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes"}
    shut |= {"mfa_view_recovery_codes", "mfa_download_recovery_codes", "usersessions_list"}
    assert shut <= names
    client = Client()
    client.force_login(manager())
    for name in shut:
        assert client.get(reverse(name))["Location"] == SET_UP, name


def test_setting_it_up_opens_the_rest(client: Client, mailoutbox: list[Any]) -> None:
    user = manager()
    assert sign_in(client, user)["Location"] == "/espace/"
    assert client.get("/espace/")["Location"] == SET_UP
    asked = client.get(SET_UP, follow=True)
    assert asked.redirect_chain[-1][0].startswith("/compte/verification/")
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert_clean_html(page.content.decode())
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    wrong = client.post(SET_UP, {"code": "000000"})
    assert "ne convient pas" in wrong.content.decode()
    shown = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert_clean_html(shown.content.decode())
    assert shown.content.decode().count("<code>") == 10
    assert client.get("/espace/").status_code == 200
    kept = Authenticator.objects.get(user=user, type="totp")
    assert secret not in str(kept.data)
    # Who must have one does not take it away.
    refused = client.post("/compte/double-authentification/application/retirer/")
    assert "ne se retire pas" in refused.content.decode()


def test_a_code_is_asked_for_at_sign_in_and_serves_once(client: Client) -> None:
    user = manager()
    auth.TOTP.activate(user, SECRET)
    assert sign_in(client, user)["Location"] == "/compte/double-authentification/code/"
    assert client.get("/espace/")["Location"].startswith("/compte/connexion/")
    typed = code()
    done = client.post("/compte/double-authentification/code/", {"code": typed})
    assert done["Location"] == "/espace/"
    assert client.get("/espace/").status_code == 200
    other = Client()
    sign_in(other, user)
    again = other.post("/compte/double-authentification/code/", {"code": typed})
    assert "a déjà servi" in again.content.decode()


def test_an_auditor_comes_in_by_the_admin(client: Client) -> None:
    user = confirmed(UserFactory(auditor=True))
    sign_in(client, user)
    assert client.get("/admin/")["Location"] == SET_UP
    auth.TOTP.activate(user, SECRET)
    for asked, led in ((LOGIN, "/admin/"), (f"{LOGIN}?next=/admin/journal/", "/admin/journal/")):
        # A code serves once.
        cache.clear()
        auditor = Client()
        given = {"login": user.email, "password": PASSWORD}
        shown = auditor.post(asked, given)["Location"]
        done = auditor.post(shown, {"code": code()})
        assert done["Location"] == led
        assert auditor.get(led).status_code == 200
        assert auditor.get("/espace/").status_code == 403


def test_a_session_that_showed_one_is_asked_for_the_other(client: Client) -> None:
    user = manager()
    auth.TOTP.activate(user, SECRET)
    client.force_login(user)
    asked = client.get("/espace/?a=b")
    assert asked["Location"] == f"{CONFIRM}?next=%2Fespace%2F%3Fa%3Db"
    done = client.post(asked["Location"], {"code": code()})
    assert done["Location"] == "/espace/?a=b"
    assert client.get("/espace/").status_code == 200


def test_an_editor_who_becomes_manager_is_asked(client: Client) -> None:
    staff = NetworkStaffFactory()
    client.force_login(confirmed(staff.user))
    assert client.get("/espace/").status_code == 200
    staff.role = "responsable"
    staff.save()
    assert client.get("/espace/")["Location"] == SET_UP


def test_a_session_of_someone_else_shows_nothing(client: Client) -> None:
    user = manager()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(user.pk + 1)
    session.save()
    assert client.get("/espace/")["Location"] == SET_UP


def test_demonstration_accounts_have_their_code(client: Client) -> None:
    user = confirmed(UserFactory(email="agent@demonstration.example", officer=True))
    auth.TOTP.activate(user, auth.generate_totp_secret())
    [(account, shown)] = demo_codes()
    assert account.email == user.email
    sign_in(client, user)
    client.post("/compte/double-authentification/code/", {"code": shown})
    assert client.get("/espace/").status_code == 200
    assert shown in Client().get("/courriels/").content.decode()


def test_sessions_are_listed_and_closed(client: Client) -> None:
    user = confirmed(NetworkStaffFactory().user)
    others = [Client(), Client(), Client()]
    for each in (client, *others):
        sign_in(each, user)
    page = client.get("/compte/sessions/")
    assert_clean_html(page.content.decode())
    assert len(page.context["sessions"]) == 4
    first = others[0].session.session_key
    chosen = next(each for each in page.context["sessions"] if each.session_key == first)
    client.post("/compte/sessions/", {"session": chosen.pk})
    assert [each.get("/espace/").status_code for each in others] == [302, 200, 200]
    stranger = Client()
    sign_in(stranger, confirmed(UserFactory()))
    for each in page.context["sessions"]:
        stranger.post("/compte/sessions/", {"session": each.pk})
    assert client.get("/espace/").status_code == 200
    client.post("/compte/sessions/")
    assert [each.get("/espace/").status_code for each in others] == [302, 302, 302]
    assert client.get("/espace/").status_code == 200
