"""A new pole, from nothing to published: by the keyboard alone, on a wide and a narrow screen."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.keyboard import choose, pick, press, tab_to, write
from tests.browser.signing import sign_in
from tests.serving import OwnSite
from tests.territories.geocoder_server import Geocoder, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

_MANAGER = "responsable-nouveau@exemple.invalid"
_FOUND = "12 Rue des Essais 56000 Vannes"
_MADE = f"""
import json
from tests.factories import *
from territories.models import Territory
network = NetworkFactory(name="Réseau du nouveau pôle", slug="reseau-du-nouveau-pole")
vannes = Territory.objects.get(kind="commune", code="56260")
NetworkRegionFactory(network=network, region=vannes.region)
NetworkStaffFactory(network=network, role="responsable", user__email="{_MANAGER}")
known = PoleFactory(name="PTCE Les Jardins de Kerbihan", slug="kerbihan", seat=vannes,
    published=True, reference_network=network)
for n in range(2):
    OrganisationFactory(name=f"Atelier du nouveau pôle {{n}}", slug=f"nouvel-atelier-{{n}}")
print(json.dumps(known.pk))
"""


@pytest.fixture(scope="module", autouse=True)
def geocoder() -> Iterator[Geocoder]:
    """Before the site, which is told where it is."""
    with running() as server, pytest.MonkeyPatch.context() as environment:
        server.add(_FOUND)
        environment.setenv("GEOCODER_URL", server.url)
        yield server


@pytest.fixture(scope="module")
def known(geocoder: Geocoder, own_site: OwnSite) -> int:
    """A pole that the new one resembles."""
    return int(json.loads(own_site.run(_MADE).splitlines()[-1]))


def manager(own_site: OwnSite, new_page: Callable[..., Page], width: int) -> Page:
    page = new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    sign_in(page, _MANAGER, own_site.environment["DATABASE_URL"])
    return page


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)
    assert axe_findings(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_from_nothing_to_published(
    own_site: OwnSite, known: int, new_page: Callable[..., Page], width: int
) -> None:
    page = manager(own_site, new_page, width)
    name = f"Les Jardins de Kerbihan {width}"
    page.goto("/espace/")
    press(page, page.get_by_role("link", name="Nouveau pôle").first)
    heading(page, "Nouveau pôle")
    write(page, "Nom (obligatoire)", name)
    choose(page, "Chercher un territoire", "vannes", "Vannes (56)")
    expect(page.get_by_role("radio", name="Vannes (56)")).to_be_checked()
    press(page, page.get_by_role("button", name="Commencer la fiche"))
    # What it resembles comes first, under the reader's eyes.
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(page.get_by_role("link", name="C’est celui-ci : PTCE Les Jardins")).to_be_visible()
    assert axe_findings(page) == []
    press(page, page.get_by_role("button", name="Non, c’est un autre"))

    heading(page, "Identité")
    write(page, "Résumé", "Des jardins, une cuisine et une école qui s’associent.")
    press(page, page.get_by_role("checkbox", name="Alimentation durable"), "Space")
    press(page, page.get_by_role("button", name="Enregistrer et passer à"))

    heading(page, "Siège")
    choose(page, page.get_by_role("combobox", name="Adresse"), "12 rue des essais", _FOUND)
    expect(page.get_by_label("Latitude et longitude")).to_have_value("47.65836, -2.75944")
    point = page.get_by_role("application", name="Point du pôle")
    tab_to(page, point)
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_label("Latitude et longitude")).not_to_have_value("47.65836, -2.75944")
    moved = page.get_by_label("Latitude et longitude").input_value()
    assert axe_findings(page) == []
    press(page, page.get_by_role("button", name="Enregistrer et passer à"))

    heading(page, "Territoire d’action")
    choose(page, "Chercher un territoire", "morbihan", "Morbihan (56)")
    expect(page.get_by_role("checkbox", name="Morbihan (56)")).to_be_checked()
    # The map follows what is ticked, and unticked.
    chosen = page.locator(".workspace-map__territory.is-chosen")
    expect(chosen).to_have_count(1)
    page.keyboard.press("Escape")
    for count in (0, 1):
        press(page, page.get_by_role("checkbox", name="Morbihan (56)"), "Space")
        expect(chosen).to_have_count(count)
    for level in page.locator("[data-level]").all()[::-1]:
        press(page, level)
        expect(level).to_have_attribute("aria-pressed", "true")
    press(page, page.get_by_role("button", name="Enregistrer et passer à"))

    heading(page, "Maturité et forme")
    pick(page, page.get_by_label("Où en est le pôle"), "émergent")
    write(page, "Année de création", "2024")
    press(page, page.get_by_role("button", name="Enregistrer et passer à"))

    heading(page, "Membres")
    choose(page, "Nom ou SIREN", "atelier du nouveau", "Atelier du nouveau pôle 1")
    expect(page.get_by_text("Atelier du nouveau pôle 1").first).to_be_visible()
    press(page, page.get_by_role("button", name="Enregistrer", exact=True))

    heading(page, name)
    press(page, page.get_by_role("link", name="Publier"))
    press(page, page.get_by_role("button", name="Publier"))
    press(page, page.get_by_role("link", name="Voir la page publique"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_text("Des jardins, une cuisine")).to_be_visible()

    said = own_site.run(
        f"""
        from poles.models import Pole
        pole = Pole.objects.get(name="{name}")
        print(pole.record_state, pole.position_origin, pole.maturity, pole.founding_year)
        print(f"{{pole.latitude}}, {{pole.longitude}}", pole.coverage.get().name, pole.slug)
        """
    )
    slug = f"les-jardins-de-kerbihan-{width}"
    assert said.splitlines()[-2:] == [
        "publie main emergent 2024",
        f"{moved} Morbihan {slug}",
    ]


def test_the_point_is_moved_by_the_arrows(
    own_site: OwnSite, known: int, new_page: Callable[..., Page]
) -> None:
    page = manager(own_site, new_page, 390)
    page.goto(f"/espace/poles/{known}/lieu/")
    press(page, page.get_by_role("button", name="Placer le point au centre"))
    point = page.get_by_role("application", name="Point du pôle")
    expect(point).to_be_focused()
    typed = page.get_by_label("Latitude et longitude")

    def where() -> tuple[float, float]:
        north, east = typed.input_value().split(",")
        return float(north), float(east)

    here = where()
    steps = []
    for key, place, way in (
        *(("ArrowUp", 0, 1), ("ArrowRight", 1, 1), ("ArrowDown", 0, -1), ("ArrowLeft", 1, -1)),
        ("Shift+ArrowUp", 0, 1),
    ):
        page.keyboard.press(key)
        there = where()
        steps.append(abs(there[place] - here[place]))
        assert (there[place] - here[place]) * way > 0, key
        assert there[1 - place] == pytest.approx(here[1 - place], abs=2e-5), key
        here = there
        expect(point).to_be_focused()
    assert steps[-1] > 3 * steps[0]
    expect(page.locator("[data-said]")).to_contain_text(
        f"Point déplacé\u00a0: {typed.input_value()}"
    )
    assert axe_findings(page) == []
    press(page, page.get_by_role("button", name="Enregistrer", exact=True))
    expect(page.get_by_text("est enregistrée")).to_be_visible()
    page.goto(f"/espace/poles/{known}/lieu/")
    expect(page.get_by_role("application", name=f"{here[0]:.5f}, {here[1]:.5f}")).to_be_visible()


def test_without_the_geocoder_a_point_is_still_put(
    own_site: OwnSite, known: int, geocoder: Geocoder, new_page: Callable[..., Page]
) -> None:
    page = manager(own_site, new_page, 390)
    page.goto(f"/espace/poles/{known}/lieu/")
    press(page, page.get_by_role("button", name="Placer le point au centre"))
    expect(page.get_by_role("application", name="Point du pôle")).to_be_focused()
    placed = page.get_by_label("Latitude et longitude").input_value()
    assert placed.startswith("47.6")
    press(page, page.get_by_role("button", name="Retirer le point"))
    expect(page.get_by_label("Latitude et longitude")).to_have_value("")
    write(page, "Latitude et longitude", "47,66 -2,76")
    page.keyboard.press("Tab")
    expect(page.get_by_role("application", name="47.66000, -2.76000")).to_be_visible()


def test_closing_the_browser_loses_nothing(
    own_site: OwnSite, known: int, new_page: Callable[..., Page]
) -> None:
    page = manager(own_site, new_page, 1280)
    page.goto(f"/espace/poles/{known}/contact/")
    write(page, "Téléphone", "01 23 45")
    expect(page.locator("[data-draft-status]")).to_contain_text("Brouillon gardé à")
    page.close()
    again = manager(own_site, new_page, 1280)
    again.goto(f"/espace/poles/{known}/contact/")
    expect(again.get_by_label("Téléphone")).to_have_value("01 23 45")
    press(again, again.get_by_role("button", name="Effacer ce brouillon"))
    expect(again.get_by_label("Téléphone")).to_have_value("")


def test_what_is_refused_is_accessible(
    own_site: OwnSite, known: int, new_page: Callable[..., Page]
) -> None:
    page = manager(own_site, new_page, 390)
    page.goto(f"/espace/poles/{known}/contact/")
    write(page, "Personne à contacter", "Camille")
    press(page, page.get_by_role("button", name="Enregistrer", exact=True))
    expect(page.locator("[data-focus]")).to_be_focused()
    assert axe_findings(page) == []
    press(page, page.get_by_role("link", name="La personne a donné son accord le"))
    expect(page.get_by_label("La personne a donné son accord le")).to_be_focused()
