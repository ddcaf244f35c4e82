"""Replacing a member that leaves a recognised pole, by the keyboard alone on a narrow screen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, axe_findings
from tests.browser.keyboard import tab_to
from tests.browser.signing import sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
_MANAGER = "responsable-membres@exemple.invalid"

# Two recognised poles of a network, each of three members, and who could take the place of one.
_MADE = f"""
import json
from poles.models import Pole
from tests.factories import *
from tests.poles.recognised import recognised
commune = CommuneFactory(name="Bourg-la-Relève")
network = NetworkFactory(name="Réseau de la relève")
NetworkRegionFactory(network=network, region=commune.region)
NetworkStaffFactory(network=network, role="responsable", user__email="{_MANAGER}")
made = []
for place, name in enumerate(("Pôle de la relève", "Pôle du départ")):
    pole, members = recognised(
        name=name, slug=f"pole-releve-{{place}}", seat=commune, reference_network=network,
        record_state="publie",
    )
    school = members[2].organisation
    school.name = f"École qui part {{place}}"
    school.save()
    made += [pole.pk, members[2].pk, school.pk]
OrganisationFactory(name="Lycée de la relève", kind="formation", is_legal_person=True)
PoleProjectFactory(pole_id=made[0], title="Une cuisine partagée", pooled=["locaux"])
PoleFiguresFactory(pole_id=made[0], year=2021, members=8)
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> list[int]:
    """Of each pole: its number, that of the school's membership, that of the school."""
    return json.loads(own_site.run(_MADE).splitlines()[-1])


@pytest.fixture
def manager(own_site: OwnSite, new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, _MANAGER, own_site.environment["DATABASE_URL"])
    return page


def recognition_of(own_site: OwnSite, pole: int) -> str:
    code = f"from poles.models import Pole; print(Pole.objects.get(pk={pole}).recognition)"
    return own_site.run(code).splitlines()[-1]


def end(page: Page, pole: int, membership: int, name: str) -> None:
    """Says that a member has left, and tries to save it."""
    page.goto(f"/espace/poles/{pole}/membres/")
    verdict = page.locator("#composition-verdict")
    expect(verdict).to_contain_text("satisfaite")
    tab_to(page, page.locator("summary", has_text=name))
    page.keyboard.press("Enter")
    tab_to(page, page.locator(f"#id_jusqua-{membership}"))
    page.keyboard.type("31/12/2025")
    page.keyboard.press("Tab")
    # The panel follows before anything is saved, and says so aloud.
    expect(verdict).to_contain_text("indéterminée")
    expect(page.locator("#composition")).to_contain_text("Organisme de formation")
    tab_to(page, page.get_by_role("button", name="Enregistrer", exact=True))
    page.keyboard.press("Enter")
    told = page.locator("#consentement")
    expect(told).to_contain_text("organisme de formation")
    expect(told).to_contain_text("Rien n’est encore enregistré")
    expect(told).to_be_focused()


def test_who_leaves_is_replaced_in_the_same_save(
    own_site: OwnSite, manager: Page, made: list[int]
) -> None:
    page, (pole, membership, _) = manager, made[:3]
    end(page, pole, membership, "École qui part 0")
    assert axe_findings(page) == []

    tab_to(page, page.get_by_label("Nom ou SIREN"))
    page.keyboard.type("lycee relev")
    expect(page.get_by_role("option", name="Lycée de la relève")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#id_role-n1")).to_be_focused()
    expect(page.locator(f"#id_jusqua-{membership}")).to_have_value("31/12/2025")
    expect(page.locator("#composition-verdict")).to_contain_text("satisfaite")
    assert axe_findings(page) == []

    tab_to(page, page.locator("#id_depuis-n1"))
    page.keyboard.type("01/01/2026")
    tab_to(page, page.get_by_role("button", name="Enregistrer", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La section « Membres » est enregistrée")).to_be_visible()
    told = own_site.run(
        f"""
        from poles.models import Membership, Pole
        left = Membership.objects.get(pk={membership})
        came = Membership.objects.get(pole={pole}, organisation__name="Lycée de la relève")
        print(Pole.objects.get(pk={pole}).recognition, left.ends_on, came.role, came.begins_on)
        """
    )
    assert told.splitlines()[-1] == "reconnu 2025-12-31 actif 2026-01-01"


def test_or_the_pole_goes_to_regularisation_once_it_is_accepted(
    own_site: OwnSite, manager: Page, made: list[int]
) -> None:
    page, (pole, membership, _) = manager, made[3:]
    end(page, pole, membership, "École qui part 1")
    assert recognition_of(own_site, pole) == "reconnu"
    tab_to(page, page.locator("#id_consent"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Enregistrer", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La section « Membres » est enregistrée")).to_be_visible()
    assert recognition_of(own_site, pole) == "regularisation"


def test_cells_are_pasted_into_the_table(manager: Page, made: list[int]) -> None:
    page = manager
    page.goto(f"/espace/poles/{made[0]}/chiffres/")
    page.locator("#id_members-2021").evaluate(
        """cell => {
          const data = new DataTransfer();
          data.setData("text/plain", "9\\t1 000");
          cell.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_text("Années remplies : 2021")).to_be_visible()
    expect(page.locator("#id_members-2021")).to_have_value("9")
    expect(page.locator("#id_turnover_eur-2021")).to_have_value("1 000")


# What the walk of every screen does not open: it asks for no query, and knows fewer members.
SCREENS = (
    "/espace/poles/{pole}/membres/",
    "/espace/poles/{pole}/membres/?cherche=lycee",
    "/espace/poles/{pole}/membres/?cherche=Association+Lycée+de+la+relève&ajout=creer",
)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_accessible(manager: Page, made: list[int], screen: str) -> None:
    assert_accessible(manager, screen.format(pole=made[0]))


def test_what_opens_is_accessible_too(manager: Page, made: list[Any]) -> None:
    page = manager
    for section in ("membres", "projets"):
        page.goto(f"/espace/poles/{made[0]}/{section}/")
        for summary in page.locator("main summary").all():
            summary.click()
        assert axe_findings(page) == []
    page.goto(f"/espace/poles/{made[0]}/membres/coller/")
    tab_to(page, page.get_by_label("La liste, un membre par ligne"))
    page.keyboard.type("Lycée de la relève;partenaire\nLycées de la relève\n???")
    tab_to(page, page.get_by_role("button", name="Voir ce que cela ferait"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rien n’est encore enregistré")).to_be_visible()
    assert axe_findings(page) == []
