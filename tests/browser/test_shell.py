"""What every page wears: header, menu, themes, skip links; with and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, axe_findings
from tests.directory.test_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("address", [*PAGES, "/nulle-part/"])
def test_axe_finds_nothing(page: Page, address: str) -> None:
    assert_accessible(page, address, status=404 if address == "/nulle-part/" else 200)


def test_axe_finds_nothing_in_what_opens(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/article-9/")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Liste des pôles")).to_be_visible()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Paramètres d’affichage").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe_findings(page) == []


def test_theme_is_set_before_the_design_system_runs(new_page: Callable[..., Page]) -> None:
    page = new_page(color_scheme="dark")
    page.route("**/dsfr.module*", lambda route: route.abort())
    page.goto("/article-9/")
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_chosen_theme_outlives_the_page(page: Page) -> None:
    page.goto("/article-9/")
    page.get_by_role("banner").get_by_role("button", name="Paramètres d’affichage").click()
    page.get_by_label("Thème sombre").check(force=True)
    page.goto("/comprendre/")
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")


def test_skip_links_lead_where_they_say(page: Page) -> None:
    page.goto("/article-9/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.goto("/article-9/")
    page.get_by_role("link", name="Recherche", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_narrow_skip_links_promise_nothing_hidden(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/article-9/")
    links = page.locator(".fr-skiplinks").get_by_role("link")
    expect(links).to_have_text(["Contenu", "Pied de page"])


@pytest.mark.parametrize("width", [320, 1280])
def test_without_script_menu_and_search_remain(new_page: Callable[..., Page], width: int) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": width, "height": 800})
    page.goto("/article-9/")
    expect(page.get_by_role("link", name="Liste des pôles").first).to_be_visible()
    expect(page.get_by_role("link", name="Espace des réseaux").first).to_be_visible()
    expect(
        page.get_by_role("navigation", name="vous êtes ici").get_by_role("link").first
    ).to_be_visible()
    expect(page.get_by_role("button", name="Paramètres d’affichage")).to_have_count(0)
    page.get_by_role("searchbox").fill("insertion")
    page.get_by_role("banner").get_by_role("button", name="Rechercher").click()
    page.wait_for_url("**/poles/?q=insertion")


def test_wide_table_scrolls_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/article-9/")
    table = page.get_by_role("region", name="Tableau des rôles")
    table.focus()
    page.keyboard.press("ArrowRight")
    # Not wait_for_function: what it asks again goes through eval, which the site's policy refuses.
    for _ in range(100):
        if table.evaluate("box => box.scrollLeft") > 0:
            return
        page.wait_for_timeout(50)
    pytest.fail("The table did not move.")
