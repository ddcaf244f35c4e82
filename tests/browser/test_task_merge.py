"""Two doubles made one, and two again, by the keyboard alone, on a telephone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, axe_findings
from tests.browser.keyboard import press, tab_to, write
from tests.browser.signing import sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
_MANAGER = "responsable-doublons@exemple.invalid"

_MADE = f"""
import json
from tests.factories import *
commune = CommuneFactory(name="Bourg-aux-Doublons")
network = NetworkFactory(name="Réseau des doublons")
NetworkRegionFactory(network=network, region=commune.region)
NetworkStaffFactory(network=network, role="responsable", user__email="{_MANAGER}")
own = dict(seat=commune, reference_network=network, published=True)
kept = PoleFactory(name="Pôle des Doublons", slug="pole-des-doublons", founding_year=2012, **own)
double = PoleFactory(name="PTCE des Doublons", slug="ptce-des-doublons", founding_year=2014,
    summary="Ce qu’il fait", **own)
one = OrganisationFactory(name="Les Jumelles", slug="les-jumelles", kind="association")
other = OrganisationFactory(name="Association Les Jumelles", slug="jumelles", acronym="LJ")
MembershipFactory(pole=kept, organisation=one, role="porteur")
MembershipFactory(pole=double, organisation=other, role="porteur")
PoleProjectFactory(pole=double, title="Une cuisine commune")
print(json.dumps([kept.pk, double.pk, one.pk, other.pk]))
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> list[int]:
    """The numbers of the pole and of its double, of an organisation and of its double."""
    return json.loads(own_site.run(_MADE).splitlines()[-1])


@pytest.fixture
def manager(own_site: OwnSite, new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, _MANAGER, own_site.environment["DATABASE_URL"])
    return page


def test_two_poles_become_one_then_two(
    own_site: OwnSite, manager: Page, made: list[int], new_page: Callable[..., Page]
) -> None:
    page = manager
    page.goto("/espace/")
    press(page, page.get_by_role("link", name="Doublons", exact=True))
    for screen in ("", f"poles/{made[0]}/", f"poles/{made[0]}/{made[1]}/"):
        assert_accessible(page, f"/espace/fusions/{screen}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/espace/fusions/")
    press(page, page.get_by_role("link", name="Comparer : Pôle des Doublons et PTCE des Doublons"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Réunir deux doublons")

    tab_to(page, page.get_by_role("group", name="Année de création").get_by_label("2012"))
    page.keyboard.press("ArrowDown")
    write(page, "Pourquoi sont-ce des doublons", "Le même pôle, relevé deux fois")
    press(page, page.get_by_role("button", name="Réunir les deux fiches"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pôle des Doublons")
    assert axe_findings(page) == []

    visitor = new_page()
    visitor.goto("/poles/ptce-des-doublons/")
    expect(visitor).to_have_url(f"{own_site.url}/poles/pole-des-doublons/")
    expect(visitor.get_by_text("Une cuisine commune")).to_be_visible()

    press(page, page.get_by_role("link", name="Annuler cette fusion"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Annuler une fusion")
    undoing = page.url
    assert_accessible(page, undoing)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(undoing)
    write(page, "Pourquoi ne sont-ce pas des doublons", "Deux pôles voisins")
    press(page, page.get_by_role("button", name="Annuler la fusion"))
    expect(page.get_by_text("sont de nouveau deux")).to_be_visible()
    assert axe_findings(page) == []
    visitor.goto("/poles/ptce-des-doublons/")
    expect(visitor).to_have_url(f"{own_site.url}/poles/ptce-des-doublons/")


def test_two_organisations_become_one(own_site: OwnSite, manager: Page, made: list[Any]) -> None:
    page = manager
    # Of published poles the manager keeps both.
    page.goto(f"/espace/organisations/{made[2]}/")
    press(page, page.get_by_role("link", name="Fusionner avec un doublon…"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fusionner avec un doublon")
    assert axe_findings(page) == []
    press(page, page.get_by_role("link", name="Association Les Jumelles", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Réunir deux doublons")
    assert_accessible(page, f"/espace/fusions/organisations/{made[2]}/{made[3]}/")
    page.set_viewport_size({"width": 390, "height": 844})
    press(page, page.get_by_role("button", name="Réunir les deux fiches"))
    # Without a reason, the browser's own message is at the field.
    expect(page.get_by_label("Pourquoi sont-ce des doublons")).to_be_focused()
    page.keyboard.type("Écrite de deux façons")
    press(page, page.get_by_role("button", name="Réunir les deux fiches"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Les Jumelles")
    told = own_site.run(
        f"""
        from members.models import Organisation
        found = Organisation.objects.get(pk={made[2]})
        print(found.acronym, found.memberships.count(), Organisation.objects.filter(pk={made[3]}))
        """
    )
    assert told.splitlines()[-1] == "LJ 2 <OrganisationQuerySet []>"
