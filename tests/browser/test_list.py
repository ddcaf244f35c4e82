"""The list in a browser: filters, focus, what is proposed, and the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture
def wide(new_page: Callable[..., Page]) -> Page:
    return new_page(**WIDE)


def total(page: Page):
    return page.locator("#titre-resultats")


def focused_id(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def tab_to(page: Page, selector: str, limit: int = 80) -> None:
    """Reaches an element by the Tab key alone."""
    for _ in range(limit):
        if page.evaluate(
            "s => Boolean(document.activeElement && document.activeElement.matches(s))", selector
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not within {limit} presses of Tab")


def test_filter_refreshes_list_facets_and_map_and_leaves_the_focus(wide):
    wide.goto("/poles/")
    expect(total(wide)).to_have_text(re.compile(r"^\s*84\b"))
    box = wide.locator("#f-region-53")
    box.focus()
    wide.keyboard.press("Space")
    expect(total(wide)).to_have_text(re.compile(r"^\s*7\b"))
    assert focused_id(wide) == "f-region-53"
    expect(box).to_be_checked()
    expect(wide).to_have_url(re.compile(r"\?region=53$"))
    expect(wide.locator("#annonce")).to_have_text(re.compile("7.pôles trouvés"))
    expect(wide.locator("[data-map-status]")).to_contain_text("7")
    wide.go_back()
    expect(total(wide)).to_have_text(re.compile(r"^\s*84\b"))
    expect(wide.locator("#f-region-53")).not_to_be_checked()


def test_typing_searches_and_keeps_the_focus(wide):
    wide.goto("/poles/")
    wide.locator("#q").press_sequentially("ecopole aud", delay=20)
    expect(total(wide)).to_have_text(re.compile(r"^\s*1\b"))
    assert focused_id(wide) == "q"
    expect(wide.locator(".pole-card mark").first).to_have_text("Écopôle")


def test_used_filter_is_taken_off_by_its_link(wide):
    wide.goto("/poles/?region=53&q=insertion")
    wide.get_by_role("link", name="« insertion »").first.click()
    expect(wide).to_have_url(re.compile(r"/poles/\?region=53$"))


def test_filters_work_without_script(new_page):
    page = new_page(**WIDE, java_script_enabled=False)
    page.goto("/poles/")
    page.locator("#f-region-53").check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(total(page)).to_have_text(re.compile(r"^\s*7\b"))
    expect(page.locator("#f-region-53")).to_be_checked()


def test_proposals_follow_the_keyboard(wide):
    wide.goto("/")
    box = wide.locator("#recherche-accueil")
    box.press_sequentially("audr", delay=20)
    options = wide.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    wide.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    wide.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    wide.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("audr")
    wide.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    wide.keyboard.press("ArrowDown")
    wide.keyboard.press("Enter")
    expect(wide).to_have_url(re.compile(r"/communes/62057/$"))


def test_embedding_code_follows_the_filters(wide):
    wide.goto("/carte/")
    wide.locator("#f-region-53").check()
    expect(total(wide)).to_have_text(re.compile(r"^\s*7\b"))
    expect(wide.locator("#code-integration")).to_have_value(
        re.compile(r"\?region=53&integration=1")
    )


def test_failure_is_told_and_loses_nothing(wide):
    wide.goto("/poles/")
    wide.route("**/poles/?*", lambda route: route.abort())
    wide.locator("#f-region-53").check()
    expect(wide.locator("#annonce")).to_contain_text("n’a pas pu être mise à jour")
    expect(total(wide)).to_have_text(re.compile(r"^\s*84\b"))


def test_insertion_in_pays_de_la_loire_then_its_region_and_back_by_keyboard(wide):
    wide.goto("/")
    tab_to(wide, "#recherche-accueil")
    wide.keyboard.type("insertion")
    wide.keyboard.press("Enter")
    expect(wide).to_have_url(re.compile("q=insertion"))
    tab_to(wide, "#f-region-52")
    wide.keyboard.press("Space")
    expect(total(wide)).to_have_text(re.compile(r"^\s*1\b"))
    tab_to(wide, ".pole-card__name a", limit=200)
    wide.keyboard.press("Enter")
    expect(wide.get_by_role("heading", level=1)).to_contain_text("NOLA")
    tab_to(wide, "main a[href='/regions/pays-de-la-loire/']")
    wide.keyboard.press("Enter")
    expect(wide.get_by_role("heading", level=1)).to_have_text("Pays de la Loire")
    # The browser's own key for « back » belongs to its window, which a headless one lacks.
    wide.go_back()
    expect(wide.get_by_role("heading", level=1)).to_contain_text("NOLA")
    wide.go_back()
    expect(total(wide)).to_have_text(re.compile(r"^\s*1\b"))
    expect(wide.locator("#f-region-52")).to_be_checked()
