"""The admin in a browser: nothing that its policy refuses, nothing that axe finds."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Page, expect

from tests.real_data import database_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

EMAIL = "navigateur@exemple.invalid"
PASSWORD = "une phrase de passe pour le navigateur"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAGES = (
    "/admin/",
    "/admin/poles/pole/",
    "/admin/poles/pole/1/change/",
    "/admin/poles/pole/1/article-9/",
    "/admin/poles/pole/article-9/",
    "/admin/poles/pole/1/history/",
    "/admin/poles/pole/historique/",
    "/admin/members/organisation/1/change/",
    "/admin/networks/network/1/change/",
    "/admin/networks/user/add/",
)

Pages = Callable[..., Page]


@pytest.fixture(scope="session")
def account(site_url: str) -> Iterator[str]:
    """An administrator whom the site sees: kept outside of the tests' transaction, then erased."""
    password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
    with psycopg.connect(database_url(), autocommit=True) as site:
        site.execute(
            "INSERT INTO networks_user (email, full_name, role, is_active, date_joined, password)"
            " VALUES (%s, '', 'administrateur', true, now(), %s)",
            (EMAIL, password),
        )
    yield EMAIL
    with psycopg.connect(database_url(), autocommit=True) as site:
        site.execute("DELETE FROM networks_user WHERE email = %s", (EMAIL,))
        site.execute("DELETE FROM django_session")


def signed_in(new_page: Pages, account: str, **options: object) -> Page:
    page = new_page(**options)
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Adresse électronique").fill(account)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les fiches du registre")
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_pages_are_clean_and_accessible(
    new_page: Pages, account: str, scheme: str, width: int
) -> None:
    """The fixture fails the test when the policy refused anything."""
    page = signed_in(
        new_page, account, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    findings = []
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
        findings += [f"{address}: {v['id']} {n['target']}" for v in found for n in v["nodes"]]
    assert findings == []


def test_a_place_is_chosen_with_the_keyboard(new_page: Pages, account: str) -> None:
    page = signed_in(new_page, account)
    page.goto("/admin/poles/pole/1/change/")
    seat = page.locator(".field-seat .select2-selection")
    seat.focus()
    page.keyboard.press("Enter")
    # What is typed before the box opens goes elsewhere.
    expect(page.locator(".select2-search__field")).to_be_focused()
    page.keyboard.type("st etienne")
    expect(page.locator(".select2-results__option").first).to_have_text("Saint-Étienne (42)")
    page.keyboard.press("Enter")
    expect(seat).to_have_attribute("aria-label", "Siège, Saint-Étienne (42)")
