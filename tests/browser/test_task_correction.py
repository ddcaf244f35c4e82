"""Answering a correction, from the dashboard to the public page, by the keyboard alone."""

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
_MANAGER = "responsable-correction@exemple.invalid"
_AUTHOR = "auteur-correction@exemple.invalid"

# The pole of a network, what the public corrects of it, and what surrounds it.
_MADE = f"""
import json
from poles.models import Pole
from poles.proposals import propose
from poles.record import Change
from poles.voice import link_of
from tests.factories import *
from tests.keeping_factories import CommentFactory
commune = CommuneFactory(name="Bourg-la-Correction")
network = NetworkFactory(name="Réseau de la correction")
NetworkRegionFactory(network=network, region=commune.region)
manager = NetworkStaffFactory(network=network, role="responsable", user__email="{_MANAGER}").user
pole = PoleFactory(
    name="Pôle de la correction", slug="pole-de-la-correction", summary="Un pôle rural",
    seat=commune, reference_network=network, record_state="publie",
    contact_email="pole@exemple.invalid",
)
MembershipFactory(pole=pole, organisation=OrganisationFactory(name="Atelier de la correction"))
pole = Pole.objects.get(pk=pole.pk)
made = propose(
    pole,
    [Change("summary", "Un pôle rural", "Un pôle urbain"), Change("founding_year", None, 1999)],
    origin="public", base_version=pole.version, author_email="{_AUTHOR}",
)
free = PoleFactory(
    name="Pôle à prendre", slug="pole-a-prendre", seat=commune, published=True,
    contact_email="autre@exemple.invalid",
)
draft = PoleFactory(name="Pôle en brouillon", slug="pole-en-brouillon", seat=commune,
    reference_network=network, summary="Un résumé")
MembershipFactory(pole=draft, organisation=OrganisationFactory(name="Autre atelier"))
CommentFactory(pole=pole, author=manager, text="Relu au téléphone")
print(json.dumps([pole.pk, draft.pk, free.pk, made.pk, link_of(free)]))
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> list[Any]:
    """The numbers of the pole, of a draft, of one to take, of the proposal; and the pole's link."""
    return json.loads(own_site.run(_MADE).splitlines()[-1])


@pytest.fixture
def manager(own_site: OwnSite, new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, _MANAGER, own_site.environment["DATABASE_URL"])
    return page


def test_a_correction_is_answered_by_the_keyboard(
    own_site: OwnSite, manager: Page, made: list[Any]
) -> None:
    page = manager
    page.goto("/espace/")
    tab_to(page, page.get_by_role("link", name="1 correction à examiner"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Pôle de la correction"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Correction proposée")
    assert axe_findings(page) == []

    # A refusal without a reason comes back with what was chosen.
    tab_to(page, page.get_by_role("group", name="Résumé").get_by_label("Accepter"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("group", name="Année de création").get_by_label("Accepter"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Enregistrer ma réponse"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dites pourquoi vous refusez")).to_be_visible()
    expect(page.locator("[data-focus]")).to_be_focused()
    assert axe_findings(page) == []
    refused = page.get_by_role("group", name="Année de création").get_by_label("Refuser")
    expect(refused).to_be_checked()

    tab_to(page, page.get_by_label("Pourquoi"))
    page.keyboard.type("Les statuts disent 2014")
    tab_to(page, page.get_by_role("button", name="Enregistrer ma réponse"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Proposition acceptée en partie")).to_be_visible()
    expect(page.get_by_role("link", name="Pôle de la correction")).to_have_count(0)

    told = own_site.run(
        f"""
        from django_tasks_db.models import DBTaskResult
        from poles.models import Pole, Proposal
        pole = Pole.objects.get(pk={made[0]})
        sent = [t.args_kwargs["args"] for t in DBTaskResult.objects.all()]
        to_author = [args[2] for args in sent if args[0] == "{_AUTHOR}"]
        print(pole.summary, pole.founding_year, Proposal.objects.get(pk={made[3]}).state)
        print(len(to_author), "Les statuts disent 2014" in to_author[0])
        """
    )
    assert told.splitlines()[-2:] == ["Un pôle urbain None partielle", "1 True"]


# What the walk of every screen does not open: it asks for no query, and the proposal is a pole's.
SCREENS = (
    "/espace/?liste=libres",
    "/espace/propositions/{proposal}/",
    "/espace/poles/{draft}/actes/publier/",
    "/espace/poles/{free}/prendre-en-charge/",
    "{link}",
)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_accessible(manager: Page, made: list[Any], screen: str) -> None:
    names = ("pole", "draft", "free", "proposal", "link")
    assert_accessible(manager, screen.format(**dict(zip(names, made, strict=True))))


def test_the_pole_confirms_and_proposes_by_the_keyboard(
    own_site: OwnSite, new_page: Callable[..., Page], made: list[Any]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(made[4])
    tab_to(page, page.get_by_role("button", name="Oui, la fiche est juste"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci, la fiche est confirmée")).to_be_visible()
    tab_to(page, page.get_by_label("Qui est arrivé, qui est parti"))
    page.keyboard.type("La MJC nous a rejoints en mars")
    page.wait_for_timeout(2_000)
    tab_to(page, page.get_by_role("button", name="Envoyer mes corrections"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Merci, c’est envoyé")).to_be_visible()
    told = own_site.run(
        f"""
        from poles.models import Pole, Proposal
        pole = Pole.objects.get(pk={made[2]})
        print(pole.confirmed_on is not None, Proposal.objects.get(pole=pole, origin="pole").message)
        """
    )
    assert told.splitlines()[-1].startswith("True")
    assert "La MJC nous a rejoints en mars" in told
