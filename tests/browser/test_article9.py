"""Article 9 in a browser: axe, the planned composition by the keyboard alone."""

from collections.abc import Callable

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


def test_what_a_kind_leaves_open_is_asked_at_once(page: Page) -> None:
    page.goto("/article-9/")
    expect(page.locator("#formation-1")).to_have_count(0)
    page.locator("#nature-1").focus()
    page.keyboard.type("ass")
    expect(page.locator("#formation-1")).to_be_visible()
    expect(page.locator("#nature-1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#formation-1")).to_be_focused()
    page.keyboard.type("o")
    expect(page.locator("#resultat")).to_contain_text("Organisme de formation")
    expect(page.locator("#formation-1")).to_be_focused()
    expect(page.locator("#formation-1")).to_have_value("oui")


def test_members_are_added_and_taken_away_by_the_keyboard(page: Page) -> None:
    page.goto(f"/article-9/{TYPED}")
    page.get_by_role("button", name="Ajouter un membre").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#nom-4")).to_be_focused()
    page.keyboard.type("Quatrième")
    page.get_by_role("button", name="Retirer le membre 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#nom-4")).to_have_count(0)
    expect(page.locator("#nom-1")).to_be_focused()
    expect(page.locator("#nom-3")).to_have_value("Quatrième")
    assert "retirer" not in page.url
    assert "nom=B" not in page.url


def test_what_is_reached_is_not_behind_the_answer(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 600})
    page.goto("/article-9/?nature=autre&nature=autre&nature=autre")
    page.locator("#regle-essai").focus()
    reached: list[str] = []
    while not reached or reached[-1] != "complete":
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert len(reached) < 40, reached
        assert page.evaluate(
            """() => document.activeElement.getBoundingClientRect().bottom
               <= document.querySelector(".try-out__answer").getBoundingClientRect().top"""
        ), reached


def test_enter_answers_and_takes_nobody_away(page: Page) -> None:
    page.goto(f"/article-9/{TYPED}")
    page.locator("#nom-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resultat")).to_be_focused()
    expect(page.locator("#nom-1")).to_have_value("A")
    expect(page.locator("#nom-2")).to_have_value("B")


def test_without_script_the_buttons_answer(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/article-9/")
    page.locator("#nature-1").select_option("association")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.locator("#resultat")).to_contain_text("Composition indéterminée")
    page.locator("#formation-1").select_option("oui")
    page.get_by_role("button", name="Ajouter un membre").click()
    expect(page.locator("#nom-4")).to_be_visible()
    expect(page.locator("#formation-1")).to_have_value("oui")
    expect(page.get_by_role("button", name="Copier le lien de cet essai")).to_be_hidden()
    page.get_by_role("button", name="Retirer le membre 1").click()
    expect(page.locator("#nature-1")).to_have_value("")


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
