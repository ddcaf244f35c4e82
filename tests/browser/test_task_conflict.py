"""Two editors of the same fields settle them, by the keyboard alone, on a narrow screen too."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_findings
from tests.browser.keyboard import press, tab_to, write
from tests.browser.signing import sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

_EDITORS = ("une-des-deux@exemple.invalid", "l-autre@exemple.invalid")
_MADE = f"""
from tests.factories import *
network = NetworkFactory(name="Réseau des deux", slug="reseau-des-deux")
for n, email in enumerate({_EDITORS!r}):
    NetworkStaffFactory(network=network, user__email=email,
        user__full_name=["Une des deux", "L’autre"][n])
for width in (1280, 390):
    print(PoleFactory(name=f"Pôle des deux {{width}}", slug=f"pole-des-deux-{{width}}",
        summary="Avant", reference_network=network).pk)
"""


@pytest.fixture(scope="module")
def poles(own_site: OwnSite) -> dict[int, int]:
    wide, narrow = own_site.run(_MADE).splitlines()[-2:]
    return {1280: int(wide), 390: int(narrow)}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no script"])
def test_each_field_is_settled_and_no_words_are_lost(
    own_site: OwnSite,
    poles: dict[int, int],
    new_page: Callable[..., Page],
    width: int,
    scripts: bool,
) -> None:
    own_site.run(
        f"""
        from poles.models import Draft, Pole
        Draft.objects.all().delete()
        Pole.objects.filter(pk={poles[width]}).update(summary="Avant", acronym="", website="")
        """
    )
    address = f"/espace/poles/{poles[width]}/identite/"
    pages: list[Any] = []
    for email in _EDITORS:
        page = new_page(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        sign_in(page, email, own_site.environment["DATABASE_URL"])
        page.goto(address)
        pages.append(page)
    first, second = pages

    write(first, "Résumé", "Le résumé de la première")
    write(first, "Site internet", "https://premiere.invalid/")
    press(first, first.get_by_role("button", name="Enregistrer", exact=True))
    expect(first.get_by_text("est enregistrée")).to_be_visible()

    write(second, "Sigle", "DEUX")
    write(second, "Résumé", "Le résumé de la seconde")
    write(second, "Site internet", "https://seconde.invalid/")
    press(second, second.get_by_role("button", name="Enregistrer", exact=True))
    expect(second.get_by_role("heading", level=1)).to_contain_text("à vous de choisir")
    if scripts:
        expect(second.locator("[data-focus]")).to_be_focused()
        assert axe_findings(second) == []
    summary = second.get_by_role("group", name="Résumé")
    expect(summary).to_contain_text("Avant")
    expect(summary).to_contain_text("Le résumé de la première")
    expect(summary).to_contain_text("Le résumé de la seconde")
    expect(summary).to_contain_text("Garder ce qu’a enregistré Une des deux")

    # Closing the page here loses nothing: what was typed waits as a draft.
    third = second.context.new_page()
    third.goto(address)
    expect(third.get_by_label("Résumé")).to_have_value("Le résumé de la seconde")
    expect(third.get_by_text("quelqu’un d’autre a changé la même chose")).to_be_visible()
    third.close()

    tab_to(second, summary.get_by_role("radio", name="Garder ce qu’a enregistré"))
    second.keyboard.press("ArrowDown")
    expect(summary.get_by_role("radio", name="Garder ma saisie")).to_be_checked()
    site = second.get_by_role("group", name="Site internet")
    press(second, site.get_by_role("radio", name="Garder ce qu’a enregistré"), "Space")
    press(second, second.get_by_role("button", name="Enregistrer mes choix"))
    expect(second.get_by_text("est enregistrée")).to_be_visible()

    told = own_site.run(
        f"""
        from poles.models import Draft, Pole
        pole = Pole.objects.get(pk={poles[width]})
        print(pole.summary, "|", pole.website, "|", pole.acronym, "|", Draft.objects.count())
        print("Le résumé de la première" in [e.summary for e in pole.events.all()])
        """
    )
    assert told.splitlines()[-2:] == [
        "Le résumé de la seconde | https://premiere.invalid/ | DEUX | 0",
        "True",
    ]
