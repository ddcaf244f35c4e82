"""The public's voice, by the keyboard alone: corrections, reports, alerts; and who answers them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_accessible, axe_findings
from tests.browser.signing import sign_in
from tests.serving import OwnSite

pytestmark = pytest.mark.browser
MANAGER = "responsable@exemple.invalid"
CORRECT = "/poles/resto-passerelle/corriger/"
# A form that is sent sooner is taken for a machine's.
_READING_MS = 2200


def reach(page: Page, wanted: Locator) -> None:
    """Tabs until the focus is there, as somebody without a mouse does."""
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def type_in(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=re.compile(label))
    reach(page, field)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)
    expect(field).to_have_value(text)


def press(page: Page, name: str) -> None:
    reach(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def at_390(new_page: Callable[..., Page], **options: object) -> Page:
    return new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce", **options)


@pytest.mark.parametrize("script", [True, False])
def test_correct_a_record(new_page: Callable[..., Page], own_site: OwnSite, script: bool) -> None:
    page = at_390(new_page, java_script_enabled=script)
    page.goto("/poles/resto-passerelle/")
    expect(page.get_by_role("link", name="Suggérer une correction").first).to_be_visible()
    page.goto(CORRECT)
    page.wait_for_timeout(_READING_MS)
    if not script:
        # A browser without script cannot be asked where its focus is.
        page.get_by_text("Son site internet").first.click()
        page.get_by_label("Son site internet").fill("https://exemple.invalid/")
        page.get_by_role("button", name="Envoyer la correction").click()
    else:
        press(page, "Envoyer la correction")
        summary = page.locator("#erreurs")
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("Dites ce qui est à corriger")
        assert axe_findings(page) == []
        line = page.locator("summary", has_text="Son site internet")
        reach(page, line)
        page.keyboard.press("Enter")
        type_in(page, "Son site internet", "https://exemple.invalid/")
        assert axe_findings(page) == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0
        press(page, "Envoyer la correction")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, c’est envoyé")
    said = own_site.run(
        "from poles.models import Proposal\n"
        "print([each['after'] for each in Proposal.objects.last().changes.values()])"
    )
    assert said == "['https://exemple.invalid/']"


def test_report_a_pole_and_answer_it(new_page: Callable[..., Page], own_site: OwnSite) -> None:
    own_site.run(
        f"""
        from networks.models import *
        from territories.models import Territory
        user = User.objects.create_user({MANAGER!r}, "une phrase de passe assez longue")
        network = Network.objects.create(name="Réseau d’essai", slug="reseau-d-essai",
            kind="autre")
        NetworkRegion.objects.create(network=network,
            region=Territory.objects.get(kind="region", code="11"))
        NetworkStaff.objects.create(network=network, user=user, role="responsable")
        """
    )
    page = at_390(new_page)
    page.goto("/signaler/")
    page.wait_for_timeout(_READING_MS)
    type_in(page, "Le nom du pôle", "Resto passerelles")
    reach(page, page.get_by_role("radio", name="il existe"))
    page.keyboard.press("Space")
    commune = page.get_by_role("combobox", name=re.compile("Sa commune"))
    reach(page, commune)
    page.keyboard.type("aubervill")
    expect(page.get_by_role("option").first).to_contain_text("Aubervilliers (93)")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(commune).to_have_value("Aubervilliers (93)")
    type_in(page, "Ce qu’il fait", "Un restaurant solidaire")
    press(page, "Envoyer")
    expect(page.get_by_role("heading", name="N’est-ce pas celui-ci")).to_be_visible()
    assert axe_findings(page) == []
    press(page, "Ce n’est aucun de ceux-là")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, c’est envoyé")

    staff = new_page()
    sign_in(staff, MANAGER, own_site.environment["DATABASE_URL"])
    number = own_site.run("from poles.models import Report; print(Report.objects.get().pk)")
    for address in ("/espace/signalements/", f"/espace/signalements/{number}/"):
        assert_accessible(staff, address)
    press(staff, "Commencer la fiche")
    expect(staff.get_by_role("heading", level=1)).to_contain_text("Resto passerelles")
    assert_accessible(staff, f"/espace/signalements/{number}/")
    assert_accessible(staff, "/espace/signalements/?traites")


def test_follow_a_region_and_leave(new_page: Callable[..., Page], own_site: OwnSite) -> None:
    page = at_390(new_page)
    page.goto("/alertes/?region=53")
    page.wait_for_timeout(_READING_MS)
    type_in(page, "Votre adresse électronique", "suivi@exemple.invalid")
    press(page, "Recevoir le message")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels")
    assert axe_findings(page) == []
    confirm, leave = own_site.run(
        """
        from poles.alerts import Asked, _confirm_address, leave_address
        from poles.models import Alert, AlertFrequency
        alert = Alert.objects.get()
        print(_confirm_address(Asked(alert, AlertFrequency.WEEKLY)), leave_address(alert))
        """
    ).split()
    for address, button, said in (
        (confirm, "Confirmer", "C’est confirmé"),
        (leave, "Arrêter l’alerte", "L’alerte est arrêtée"),
    ):
        assert_accessible(page, address)
        press(page, button)
        expect(page.get_by_role("heading", level=1)).to_have_text(said)
        assert axe_findings(page) == []
    assert own_site.run("from poles.models import Alert; print(Alert.objects.count())") == "0"


@pytest.mark.parametrize(
    "address",
    [
        "/alertes/",
        "/alertes/?pole=resto-passerelle",
        "/signaler/",
        "/signaler/merci/",
        CORRECT,
        f"{CORRECT}merci/",
        "/membres/etudes-et-chantiers-ile-de-france/corriger/",
    ],
)
def test_every_form_is_accessible(page: Page, address: str, own_site: OwnSite) -> None:
    assert_accessible(page, address)


def test_a_link_that_is_too_old_is_accessible(page: Page, own_site: OwnSite) -> None:
    assert_accessible(page, "/alertes/confirmer/x/", 410)
    assert_accessible(page, "/alertes/arreter/x/", 404)
