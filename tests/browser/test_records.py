"""The pages of records in a browser: accessible, usable by keyboard, complete without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ADDRESSES = [
    "/poles/resto-passerelle/",
    "/poles/poles-noe/",
    "/membres/appui/",
    "/regions/",
    "/regions/auvergne-rhone-alpes/",
    "/regions/corse/",
    "/departements/26/",
    "/communes/?q=montaigu",
    "/communes/56260/?rayon=100",
    "/appels-a-projets/",
    "/appels-a-projets/ami-2021/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing(page: Page, address: str) -> None:
    assert_accessible(page, address)


def test_link_is_copied(new_page: Callable[..., Page], site_url: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/poles/poles-noe/")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Le lien est copié.")).to_have_attribute("role", "status")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site_url}/poles/poles-noe/"


def test_without_script_no_control_is_dead(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/poles/resto-passerelle/")
    expect(page.get_by_role("button", name="Copier le lien")).to_be_hidden()
    expect(page.get_by_role("link", name="Envoyer par courriel")).to_be_visible()
    expect(page.get_by_role("link", name="Novaedia")).to_be_visible()


def test_without_script_the_region_is_drawn(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/regions/auvergne-rhone-alpes/")
    page.get_by_role("link", name="Drôme\u00a0: 2 pôles").click()
    page.wait_for_url("**/departements/26/")


def test_mayor_chooses_a_distance_without_script(new_page: Callable[..., Page]) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/communes/")
    page.get_by_label("Votre commune").fill("vannes (56)")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.wait_for_url("**/communes/56260/")
    expect(page.get_by_role("link", name="Distro")).to_have_count(0)
    page.get_by_label("Distance").select_option("100")
    page.get_by_role("button", name="Appliquer", exact=True).click()
    expect(page.get_by_role("link", name="Distro")).to_be_visible()


def test_region_shows_its_poles_on_the_map(page: Page) -> None:
    page.goto("/regions/guyane/")
    expect(page.get_by_text("1 pôle.")).to_be_visible()


def test_pole_to_region_and_back_by_keyboard(page: Page) -> None:
    page.goto("/poles/resto-passerelle/")
    page.get_by_role("main").get_by_role("link", name="Île-de-France").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/regions/ile-de-france/")
    page.get_by_role("link", name="Resto Passerelle").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/poles/resto-passerelle/")
