"""Coming in with an address and a password, and what one does about them."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse

from networks.models import User
from tests.factories import PASSWORD, UserFactory
from tests.html import assert_clean_html, html_findings
from workspace.accounts import letters

pytestmark = pytest.mark.django_db

LOGIN = "/compte/connexion/"
NEW = "une tout autre phrase de passe"


def confirmed(**values: Any) -> User:
    """An account whose address is confirmed."""
    user = UserFactory(**values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in(mail: Any) -> str:
    """The path of the page that the mail leads to; its last address is the site's own."""
    found = re.findall(rf"{re.escape(settings.SITE_URL)}(\S*)|http://testserver(\S*)", mail.body)
    return next(own or test for own, test in found if (own or test) not in {"", "/"})


def test_one_signs_in_with_an_address_whatever_its_case(client: Client) -> None:
    user = confirmed(email="agente.d.essai@exemple.invalid")
    assert_clean_html(client.get(LOGIN).content.decode())
    done = sign_in(client, " Agente.D.Essai@exemple.invalid", next="/carte/")
    assert (done.status_code, done.headers["Location"]) == (302, "/carte/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.get_expire_at_browser_close()


def test_one_goes_on_within_the_site_only(client: Client) -> None:
    user = confirmed()
    done = sign_in(client, user.email, next="https://ailleurs.example/")
    assert done.headers["Location"] == "/espace/"


def test_an_address_typed_in_capitals_is_kept_in_small_letters() -> None:
    user = UserFactory(email="Prenom.NOM@Exemple.Invalid")
    assert user.email == "prenom.nom@exemple.invalid"
    assert User.objects.get(email="PRENOM.nom@exemple.invalid") == user


def test_what_is_wrong_is_not_told_apart(client: Client) -> None:
    """Neither an address without account, nor a wrong password, nor a closed account."""
    closed = confirmed(is_active=False)
    pages = [
        sign_in(client, email, password).content.decode()
        for email, password in (
            ("inconnue@exemple.invalid", PASSWORD),
            (confirmed().email, "pas le bon mot de passe"),
            (closed.email, "pas le bon mot de passe"),
        )
    ]
    assert all("L’adresse ou le mot de passe ne convient pas." in page for page in pages)
    told = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert told[0] == told[1] == told[2]


def test_a_closed_account_stays_closed(client: Client) -> None:
    done = sign_in(client, confirmed(is_active=False).email)
    assert done.headers["Location"] == "/compte/inactif/"
    assert not is_signed_in(client)


def test_an_address_is_confirmed_before_it_opens(client: Client, mailoutbox: list[Any]) -> None:
    user = UserFactory()
    done = sign_in(client, user.email)
    assert done.headers["Location"] == "/compte/adresse/a-confirmer/"
    assert not is_signed_in(client)
    [mail] = mailoutbox
    assert mail.to == [user.email]
    link = link_in(mail)
    assert_clean_html(client.get(link).content.decode())
    assert not EmailAddress.objects.get(user=user).verified
    client.post(link)
    assert EmailAddress.objects.get(user=user).verified
    sign_in(client, user.email)
    assert is_signed_in(client)
    assert "n’est plus valable" in client.get(link).content.decode()


def test_attempts_are_counted(client: Client) -> None:
    user = confirmed()
    for _ in range(5):
        sign_in(client, user.email, "pas le bon mot de passe")
    page = sign_in(client, user.email)
    assert "Trop d’essais" in page.content.decode()
    assert not is_signed_in(client)


def test_who_asks_too_much_is_told_to_wait(client: Client) -> None:
    answers = [
        client.post("/compte/mot-de-passe/oublie/", {"email": "une@exemple.invalid"})
        for _ in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert_clean_html(answers[-1].content.decode())


def test_a_new_password_by_mail(client: Client, mailoutbox: list[Any]) -> None:
    user, elsewhere = confirmed(), Client()
    sign_in(elsewhere, user.email)
    asked = client.post("/compte/mot-de-passe/oublie/", {"email": user.email.upper()})
    assert asked.headers["Location"] == "/compte/mot-de-passe/oublie/envoye/"
    link = link_in(mailoutbox[0])
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    assert "set-password" in address
    refused = client.post(address, {"password1": "motdepasse123", "password2": "motdepasse123"})
    assert "trop courant" in refused.content.decode()
    client.post(address, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "mot de passe" in mailoutbox[1].body
    # What was open elsewhere is closed, and the link has served.
    assert elsewhere.get("/compte/").status_code == 302
    assert "n’est plus valable" in client.get(link, follow=True).content.decode()


def test_no_one_learns_which_addresses_have_an_account(
    client: Client, mailoutbox: list[Any]
) -> None:
    known, closed = confirmed(), confirmed(is_active=False)
    pages = [
        client.post("/compte/mot-de-passe/oublie/", {"email": email}, follow=True)
        for email in (known.email, "inconnue@exemple.invalid", closed.email)
    ]
    assert len({page.content for page in pages}) == 1
    subjects = [(mail.to[0], mail.subject) for mail in mailoutbox]
    assert subjects == [
        (known.email, "Nouveau mot de passe"),
        ("inconnue@exemple.invalid", "Aucun compte à cette adresse"),
        (closed.email, "Aucun compte à cette adresse"),
    ]


def test_one_leaves_by_a_button_alone(client: Client) -> None:
    client.force_login(UserFactory())
    page = client.get("/compte/deconnexion/")
    assert page.status_code == 200
    assert is_signed_in(client)
    assert client.post("/compte/deconnexion/").headers["Location"] == "/"
    assert not is_signed_in(client)


def test_an_address_changes_once_it_is_confirmed(client: Client, mailoutbox: list[Any]) -> None:
    user = confirmed(email="ancienne@exemple.invalid")
    sign_in(client, user.email)
    change = {"action_add": "", "email": "nouvelle@exemple.invalid"}
    shown = client.post("/compte/adresse/", change, follow=True)
    assert shown.redirect_chain[0][0].startswith("/compte/verification/")
    client.post(shown.redirect_chain[0][0], {"password": PASSWORD})
    page = client.get("/compte/adresse/").content.decode()
    assert_clean_html(page)
    assert "nouvelle@exemple.invalid" in page
    user.refresh_from_db()
    assert user.email == "ancienne@exemple.invalid"
    client.post(link_in(mailoutbox[-1]))
    user.refresh_from_db()
    assert user.email == "nouvelle@exemple.invalid"
    # The former address is told, since someone else may have done it.
    assert mailoutbox[-1].to == ["ancienne@exemple.invalid"]


def test_an_address_of_someone_else_is_not_taken(client: Client, mailoutbox: list[Any]) -> None:
    taken, user = confirmed(), confirmed()
    client.force_login(user)
    client.post("/compte/verification/", {"password": PASSWORD})
    client.post("/compte/adresse/", {"action_add": "", "email": taken.email})
    page = client.get(link_in(mailoutbox[-1])).content.decode()
    assert "déjà celle d’un autre compte" in page
    client.post(link_in(mailoutbox[-1]))
    user.refresh_from_db()
    assert user.email != taken.email


def test_one_s_name_is_one_s_own_affair(client: Client) -> None:
    user = confirmed(full_name="Avant")
    client.force_login(user)
    page = client.post("/compte/", {"full_name": " "})
    assert "Avant" in page.content.decode()
    assert_clean_html(page.content.decode())
    client.post("/compte/", {"full_name": "Après"})
    user.refresh_from_db()
    assert user.full_name == "Après"


def test_pages_are_clean(client: Client) -> None:
    names = ["account_login", "account_reset_password", "account_reset_password_done"]
    names += ["account_inactive", "account_email_verification_sent", "account_signup"]
    names += ["account_reset_password_from_key_done"]
    for name in names:
        assert_clean_html(client.get(reverse(name)).content.decode())
    client.force_login(confirmed())
    for name in ("account", "account_logout", "account_change_password", "account_email"):
        page = client.get(reverse(name))
        assert_clean_html(page.content.decode())
        assert "no-cache" in page.headers.get("Cache-Control", "no-cache")


def letters_of_allauth() -> set[str]:
    folder = Path(allauth.__file__).parent / "templates"
    return {
        str(path.relative_to(folder)).removesuffix("_subject.txt")
        for room in ("account", "mfa", "socialaccount")
        for path in (folder / room / "email").glob("*_subject.txt")
    }


def test_every_letter_of_allauth_is_ours_or_never_written() -> None:
    assert letters_of_allauth() - letters.NEVER_WRITTEN <= set(letters.LETTERS) | {
        "account/email/email_confirm"
    }


@pytest.mark.parametrize("prefix", sorted(letters.LETTERS))
def test_a_letter_in_both_versions(prefix: str, mailoutbox: list[Any]) -> None:
    letters.write(
        prefix, "une@exemple.invalid", {"password_reset_url": "https://exemple.invalid/a"}
    )
    [mail] = mailoutbox
    html = mail.alternatives[0].content
    assert html_findings(html) == ["0 <h1>"]
    assert "  " not in mail.subject
    for version in (mail.body, html):
        assert "{" not in version
