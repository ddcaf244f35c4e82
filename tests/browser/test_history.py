"""The history in a browser: a version looked at and brought back by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible
from tests.browser.signing import Pages, sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
EMAIL = "historique@exemple.invalid"

# An officer, and a pole whose summary and members changed twice.
CHANGED = f"""
import pghistory
from networks.models import User
from poles.models import Pole
from poles.record import between, current_values, write

user, _ = User.objects.get_or_create(email="{EMAIL}", defaults={{"role": "agent"}})
pole = Pole.objects.filter(memberships__isnull=False).order_by("pk").first()

def save(**fields):
    read = Pole.objects.get(pk=pole.pk)
    before = current_values(read)
    with pghistory.context(user=user.pk, why="Appel"):
        return write(read, between(before, {{**before, **fields}})).version

row = next(key for key in current_values(pole) if key.startswith("members/"))
version = save(summary="Douze structures autour de l’alimentation")
save(summary="Treize structures autour de l’alimentation", **{{row: None}})
print(pole.pk, version)
"""


@pytest.fixture(scope="module")
def changed(own_site: OwnSite) -> tuple[int, int]:
    pole, version = own_site.run(CHANGED).split()[-2:]
    return int(pole), int(version)


def test_each_page_is_accessible(
    new_page: Pages, own_site: OwnSite, changed: tuple[int, int]
) -> None:
    pole, version = changed
    page = new_page()
    sign_in(page, EMAIL, own_site.environment["DATABASE_URL"])
    assert_accessible(page, f"/espace/poles/{pole}/historique/")
    assert_accessible(page, f"/espace/poles/{pole}/historique/{version}/")
    assert_accessible(page, "/espace/organisations/1/historique/")
    assert_accessible(page, "/espace/organisations/1/historique/1/")


def test_a_version_comes_back_by_the_keyboard(
    new_page: Pages, own_site: OwnSite, changed: tuple[int, int]
) -> None:
    pole, version = changed
    page = new_page(viewport={"width": 390, "height": 800})
    sign_in(page, EMAIL, own_site.environment["DATABASE_URL"])
    page.goto(f"/espace/poles/{pole}/")
    page.get_by_role("link", name="Historique de la fiche").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Historique")
    page.get_by_role("link", name=f"(version {version})").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("La fiche le")
    summary = page.get_by_label("Résumé")
    summary.focus()
    page.keyboard.press("Space")
    expect(summary).to_be_checked()
    page.get_by_label("Pourquoi ce retour ?").focus()
    page.keyboard.type("Comptés deux fois")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La fiche a repris ce que vous avez choisi")).to_be_visible()
    expect(page.get_by_text(f"Motif : retour à la version {version}, Comptés")).to_be_visible()
    page.get_by_role("link", name=f"(version {version})").press("Enter")
    expect(page.get_by_label("Résumé")).to_have_count(0)
    page.get_by_role("button", name="Revenir à toute cette version").press("Enter")
    expect(page.get_by_text("La fiche a repris ce que vous avez choisi")).to_be_visible()
    page.get_by_role("link", name=f"(version {version})").press("Enter")
    expect(page.get_by_text("dit la même chose que cette version")).to_be_visible()
