"""Article 9 in a browser: axe, the planned composition by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
TYPED = "?nom=A&nature=association&formation=oui&nom=B&nature=entreprise&formation=&nom=&nature="


@pytest.mark.parametrize(
    "address",
    [f"/article-9/{TYPED}", "/poles/pole-alpen/?au=2021-10-01", "/poles/pole-alpen/?au=demain"],
)
def test_axe_finds_nothing(page: Page, address: str) -> None:
    assert_accessible(page, address)


def test_a_composition_is_tried_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/article-9/")
    for number, letter in ((1, "a"), (2, "e")):
        # The first kind that begins so: association, entreprise commerciale.
        page.locator(f"#nature-{number}").focus()
        page.keyboard.type(letter)
    answer = page.locator("#resultat")
    expect(answer).to_contain_text("Composition indéterminée")
    page.locator("#complete").focus()
    page.keyboard.press("Space")
    expect(answer).to_contain_text("Composition non satisfaite")
    assert "nature=association" in page.url
    assert page.locator("#complete").is_checked(), "what was typed stays where it is"


def test_another_day_is_asked_for_by_the_keyboard(page: Page) -> None:
    page.goto("/poles/pole-alpen/")
    page.locator("#au").fill("2021-10-01")
    page.get_by_role("button", name="Voir", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/poles/pole-alpen/?au=2021-10-01")
    expect(page.get_by_text("Le pôle au 1er octobre 2021")).to_be_visible()
    page.get_by_role("link", name="Revenir à aujourd’hui").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/poles/pole-alpen/")
