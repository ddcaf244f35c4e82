"""A network gives its opinion, then officers decide a session, by the keyboard alone."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.keyboard import press, tab_to, write
from tests.browser.signing import Pages, sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
_OFFICER = "agente-session@exemple.invalid"
_NETWORK = "reseau-session@exemple.invalid"
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

_MADE = f"""
import json
from tests.call_factories import *
from tests.factories import *
UserFactory(officer=True, email="{_OFFICER}")
commune = CommuneFactory(name="Bourg-la-Session")
call = call_at(name="Appel de la session", envelope_eur=100_000, opinion_required=True)
files = [
    file_of(call, pole=PoleFactory(name=name, seat=commune))
    for name in ("Pôle de la session", "Second pôle de la session")
]
network = named(files[0])
NetworkStaffFactory(network=network, user__email="{_NETWORK}")
print(json.dumps([call.pk, files[0].pk, files[1].pk, network.pk]))
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> list[int]:
    """The numbers of the call, of its two files and of the network that it names."""
    return json.loads(own_site.run(_MADE).splitlines()[-1])


def come(new_page: Pages, own_site: OwnSite, who: str) -> Page:
    page = new_page()
    sign_in(page, who, own_site.environment["DATABASE_URL"])
    return page


def test_an_opinion_then_a_session(new_page: Pages, own_site: OwnSite, made: list[int]) -> None:
    call, first, second, network = made
    page = come(new_page, own_site, _NETWORK)
    assert_accessible(page, "/espace/avis/")
    for number, file in enumerate((first, second), 1):
        form = f"/espace/avis/{file}/{network}/"
        if number == 1:
            assert_accessible(page, form)
        page.goto(form)
        press(page, page.get_by_label("Favorable", exact=True), "Space")
        tab_to(page, page.get_by_label("Rang dans la région"))
        page.keyboard.type(str(number))
        press(page, page.get_by_role("button", name="Donner cet avis"))
        expect(page.get_by_text("est enregistré.")).to_be_visible()

    page = come(new_page, own_site, _OFFICER)
    session = f"/admin/calls/call/{call}/session/"
    page.goto(session)
    grid = page.locator(".registry-grid")
    expect(grid.get_by_text("Favorable, rang 2")).to_be_visible()
    told = page.locator("[data-countdown]")
    for name, amount in (("Pôle de la session", "60 000"), ("Second pôle de la session", "50 000")):
        tab_to(page, page.get_by_label(f"Décision\u00a0: {name}", exact=True))
        page.keyboard.type("laur")
        tab_to(page, page.get_by_label(f"Montant en euros\u00a0: {name}", exact=True))
        page.keyboard.type(amount)
    expect(told).to_contain_text("de trop")
    tab_to(page, page.get_by_label("Comité"))
    page.keyboard.type("Comité interministériel")
    press(page, page.get_by_role("button", name="Enregistrer toutes les décisions"))
    expect(page.get_by_role("alert")).to_contain_text("1 dossier à revoir")
    found = Axe().run(page, options={"runOnly": _LEVELS}).response["violations"]
    assert [violation["id"] for violation in found] == []
    # Nothing typed was lost; the sum is mended, and all is decided.
    amount = page.get_by_label("Montant en euros\u00a0: Second pôle de la session", exact=True)
    write(page, amount, "40 000")
    expect(told).to_contain_text("il reste 0")
    press(page, page.get_by_role("button", name="Enregistrer toutes les décisions"))
    expect(page.get_by_text("Décisions enregistrées.")).to_be_visible()
