"""To ProConnect and back with a browser, by the keyboard, and out of both."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, axe_findings
from tests.browser.keyboard import press
from tests.serving import OwnSite
from tests.workspace.accounts.proconnect_server import CLIENT, SECRET, ProConnect, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

_OFFICER = "agente@ministere.invalid"
_MADE = f"""
from allauth.account.models import EmailAddress
from tests.factories import UserFactory
user = UserFactory(email="{_OFFICER}", full_name="Une agente", officer=True)
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


@pytest.fixture(scope="module", autouse=True)
def proconnect() -> Iterator[ProConnect]:
    """Before the site, which is told where it is."""
    with running() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PROCONNECT_URL", server.url)
        environment.setenv("PROCONNECT_CLIENT_ID", CLIENT)
        environment.setenv("PROCONNECT_CLIENT_SECRET", SECRET)
        yield server


@pytest.fixture(params=[1280, 390])
def page(
    request: pytest.FixtureRequest,
    proconnect: ProConnect,
    own_site: OwnSite,
    neighbours: list[str],
    new_page: Callable[..., Page],
) -> Page:
    neighbours.append(proconnect.url)
    return new_page(viewport={"width": request.param, "height": 844}, reduced_motion="reduce")


def test_there_and_back_and_out_of_both(
    page: Page, proconnect: ProConnect, own_site: OwnSite
) -> None:
    own_site.run(
        f"from networks.models import User\nUser.objects.filter(email='{_OFFICER}').delete()\n"
        + _MADE
    )
    proconnect.person = {"sub": "une-agente", "email": _OFFICER, "email_verified": True}
    page.goto("/espace/preferences/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
    assert axe_findings(page) == []
    press(page, page.get_by_role("button", name="S’identifier avec ProConnect"))
    # Both factors were shown there: nothing more is asked for, and one is where one meant to go.
    page.wait_for_url("**/espace/preferences/")
    expect(page.get_by_text("Une agente")).to_be_visible()
    press(page, page.get_by_role("button", name="Se déconnecter"))
    page.wait_for_url("**/compte/connexion/")
    expect(page.get_by_text("Vous êtes déconnecté du registre et de ProConnect")).to_be_visible()
    assert proconnect.left[-1]["sub"] == "une-agente"


def test_a_stranger_is_told_and_may_change_identity(
    page: Page, proconnect: ProConnect, own_site: OwnSite
) -> None:
    proconnect.person = {"sub": "x", "email": "inconnu@ministere.invalid", "email_verified": True}
    page.goto("/compte/connexion/")
    press(page, page.get_by_role("button", name="S’identifier avec ProConnect"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Aucun compte ne vous correspond")
    assert axe_findings(page) == []
    press(page, page.get_by_role("button", name="Sortir de ProConnect"))
    page.wait_for_url("**/compte/connexion/")
    assert proconnect.left[-1]["sub"] == "x"


def test_the_button_is_accessible_whatever_the_look(page: Page, own_site: OwnSite) -> None:
    assert_accessible(page, "/compte/connexion/")
