"""Coming in, and what one does about one's account: by the keyboard alone, and readable by all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Page, expect

from core.public_forms import LEAST_SECONDS
from tests.browser.axe import axe_findings, findings_of
from tests.browser.keyboard import tab_to
from tests.browser.signing import sign_in
from tests.factories import PASSWORD
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_MANAGER = "responsable-compte@exemple.invalid"
_EDITOR = "redaction-compte@exemple.invalid"
_ADMINISTRATOR = "administration-compte@exemple.invalid"
_LEAVING = "depart-compte@exemple.invalid"
_NEW_PASSWORD = "une phrase toute nouvelle, choisie ici"

_MADE = f"""
import json
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from networks.staff import invite
from tests.factories import *
network = NetworkFactory(name="Réseau des comptes", slug="reseau-des-comptes")
def account(email, **values):
    user = UserFactory(email=email, **values)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
manager = account("{_MANAGER}")
administrator = account("{_ADMINISTRATOR}", administrator=True)
for user in (manager, administrator):
    TOTP.activate(user, "{_SECRET}")
    RecoveryCodes.activate(user)
NetworkStaffFactory(network=network, user=manager, role="responsable")
for email in ("{_EDITOR}", "{_LEAVING}"):
    NetworkStaffFactory(network=network, user=account(email))
invite("invitee@exemple.invalid", by=manager, network=network)
invite("agente@exemple.invalid", by=administrator)
print(json.dumps({{"editor": User.objects.get(email="{_EDITOR}").pk}}))
"""
# The page that the last mail to an address leads to; no worker sends them here.
_LINK = """
import re
from django_tasks_db.models import DBTaskResult
mails = DBTaskResult.objects.filter(args_kwargs__args__0="{}").order_by("enqueued_at")
print(re.search(r"(/compte/{}/\\S+)", mails.last().args_kwargs["args"][2])[1])
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> dict[str, Any]:
    """The number of the editor's account."""
    return json.loads(own_site.run(_MADE).splitlines()[-1])


@pytest.fixture
def narrow(new_page: Callable[..., Page], made: dict[str, Any]) -> Page:
    return new_page(viewport={"width": 390, "height": 844})


def code() -> str:
    return format_hotp_value(hotp_value(_SECRET, list(yield_hotp_counters_from_time())[1]))


def type_into(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(words)


def press(page: Page, button: str) -> None:
    tab_to(page, page.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")


def title(page: Page, words: str) -> None:
    """The page has come, and axe finds nothing on it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert axe_findings(page) == []


def test_two_factors_are_shown_by_the_keyboard(narrow: Page) -> None:
    page = narrow
    page.goto("/espace/")
    title(page, "Connexion")
    type_into(page, "Adresse électronique Format attendu\u00a0: nom@domaine.fr", _MANAGER)
    type_into(page, "Mot de passe", "pas le bon mot de passe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("ne convient pas")
    title(page, "Connexion")
    type_into(page, "Mot de passe", PASSWORD)
    page.keyboard.press("Enter")
    title(page, "Code de connexion")
    field = page.get_by_label("Code à six chiffres")
    tab_to(page, field)
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ce code ne convient pas")).to_be_visible()
    title(page, "Code de connexion")
    tab_to(page, field)
    page.keyboard.type(code())
    press(page, "Se connecter")
    expect(page).to_have_url("/espace/")
    tab_to(page, page.get_by_role("link", name="Mon compte"))
    page.keyboard.press("Enter")
    title(page, "Mon compte")
    press(page, "Se déconnecter")
    expect(page).to_have_url("/")


def test_a_new_password_is_chosen_by_the_keyboard(narrow: Page, own_site: OwnSite) -> None:
    page = narrow
    page.goto("/compte/connexion/")
    tab_to(page, page.get_by_role("link", name="Mot de passe oublié"))
    page.keyboard.press("Enter")
    title(page, "Mot de passe oublié")
    tab_to(page, page.get_by_label("Adresse électronique"))
    page.keyboard.type(_EDITOR)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/compte/mot-de-passe/oublie/envoye/")
    assert axe_findings(page) == []
    page.goto(own_site.run(_LINK.format(_EDITOR, "mot-de-passe")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouveau mot de passe")
    assert axe_findings(page) == []
    tab_to(page, page.get_by_role("textbox", name="Nouveau mot de passe"))
    page.keyboard.type(_NEW_PASSWORD)
    tab_to(page, page.get_by_role("textbox", name="Le même, une seconde fois"))
    page.keyboard.type(_NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/compte/mot-de-passe/nouveau/fait/")
    assert axe_findings(page) == []


def test_an_access_is_asked_for_and_given_by_the_keyboard(
    narrow: Page, own_site: OwnSite, new_page: Callable[..., Page]
) -> None:
    page = narrow
    page.goto("/compte/connexion/")
    tab_to(page, page.get_by_role("link", name="Pas encore de compte"))
    page.keyboard.press("Enter")
    title(page, "Demander un accès")
    tab_to(page, page.get_by_label("Prénom et nom"))
    page.keyboard.type("Camille Le Goff")
    tab_to(page, page.get_by_label("Adresse électronique professionnelle"))
    page.keyboard.type("camille@exemple.invalid")
    page.wait_for_timeout(LEAST_SECONDS * 1000)
    page.keyboard.press("Enter")
    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.locator("#erreurs")).to_contain_text("Choisissez votre réseau, ou écrivez son nom.")
    title(page, "Demander un accès")
    network = page.get_by_label("Votre réseau")
    tab_to(page, network)
    chosen = network.locator("option:checked")
    for _ in range(network.locator("option").count()):
        if chosen.text_content() != "Réseau des comptes":
            page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("Réseau des comptes")
    tab_to(page, page.get_by_label("Pourquoi cet accès"))
    page.keyboard.type("Je suis chargée de mission.")
    press(page, "Envoyer la demande")
    title(page, "Votre demande est envoyée")

    office = new_page(viewport={"width": 390, "height": 844})
    sign_in(office, _ADMINISTRATOR, own_site.environment["DATABASE_URL"])
    office.goto("/espace/")
    tab_to(office, office.get_by_role("link", name="Répondre"))
    office.keyboard.press("Enter")
    tab_to(office, office.get_by_role("link", name="Camille Le Goff"))
    office.keyboard.press("Enter")
    title(office, "Camille Le Goff")
    expect(office.get_by_label("Réseau (obligatoire)")).to_have_value("reseau-des-comptes")
    press(office, "Envoyer l’invitation")
    expect(office.get_by_role("status")).to_contain_text("invitation est envoyée à camille@")

    page.goto(own_site.run(_LINK.format("camille@exemple.invalid", "invitation")))
    title(page, "Invitation")
    tab_to(page, page.get_by_label("Prénom et nom"))
    page.keyboard.type("Camille Le Goff")
    tab_to(page, page.get_by_role("textbox", name="Mot de passe"))
    page.keyboard.type(_NEW_PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/espace/")


def test_an_account_is_erased_by_the_keyboard(narrow: Page) -> None:
    page = narrow
    page.goto("/compte/connexion/?next=/compte/")
    page.get_by_label("Adresse électronique").fill(_LEAVING)
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    title(page, "Mon compte")
    tab_to(page, page.get_by_role("link", name="Effacer mon compte"))
    page.keyboard.press("Enter")
    title(page, "Confirmez que c’est vous")
    tab_to(page, page.get_by_role("textbox", name="Mot de passe"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    title(page, "Effacer mon compte")
    expect(page.locator("main")).to_contain_text("ancien agent du réseau Réseau des comptes")
    press(page, "Effacer mon compte définitivement")
    title(page, "Votre compte est effacé")


# What tests/browser/test_every_screen.py does not see: with a factor, and with people invited.
_FACTOR = "/compte/double-authentification/"
_PAGES = {
    _MANAGER: (_FACTOR, f"{_FACTOR}codes-de-secours/", "/espace/reseaux/reseau-des-comptes/"),
    _ADMINISTRATOR: ("/espace/ministere/",),
}


@pytest.mark.parametrize("email", _PAGES)
def test_pages_of_accounts_are_accessible(
    new_page: Callable[..., Page], own_site: OwnSite, made: dict[str, Any], email: str
) -> None:
    page = new_page()
    sign_in(page, email, own_site.environment["DATABASE_URL"])
    for address in _PAGES[email]:
        page.goto(address)
        assert findings_of(page, (1280, 320)) == []


def test_erasing_in_the_admin_is_accessible(
    new_page: Callable[..., Page], own_site: OwnSite, made: dict[str, Any]
) -> None:
    page = new_page(viewport={"width": 1280, "height": 900})
    sign_in(page, _ADMINISTRATOR, own_site.environment["DATABASE_URL"])
    page.goto(f"/admin/networks/user/{made['editor']}/effacer/")
    expect(page.get_by_role("button", name="Effacer définitivement")).to_be_visible()
    assert axe_findings(page) == []
