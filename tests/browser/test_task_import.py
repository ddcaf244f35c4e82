"""Importing a messy sheet, from the file to the records, by the keyboard alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from core.sheets import open_book
from tests.browser.axe import axe_findings
from tests.browser.signing import Pages, sign_in
from tests.serving import OwnSite
from tests.spreadsheets import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SLUG = "reseau-des-essais-{}"
MESSY = """\
Suivi des PTCE – mars 2024;;;;;
;;;;;
Nom du PTCE;Ville;Dépt;Créé en;Abrégé;Structure porteuse
Pôle {0} des marées;Vannes;56;2014;PM;Association {0} des marées
Pôle {1} des chataignier;Rennes;35;"mars 2015";;
{2} de la rade;Lorient;56;2022;UF;
Un {0} mal daté;Brest;29;bientôt;;
"""
# No name of one run is like a name of the other.
WORDS = {390: ("tournesol", "horloger", "Fabrique"), 1280: ("coquelicot", "voilier", "Atelier")}


def make_records(site: OwnSite, word: str, *names: str) -> str:
    """A manager of a network with poles of those names; returns their address."""
    return site.run(f"""
        from core.text import slug_of
        from networks.models import Network, NetworkRegion, User
        from poles.models import Pole
        from territories.models import Territory
        network = Network.objects.create(
            name="Réseau {word}", slug={SLUG.format(word)!r}, kind="chambre-regionale")
        region = Territory.objects.get(kind="region", slug="bretagne")
        NetworkRegion.objects.create(network=network, region=region)
        user = User.objects.create_user("{word}@exemple.invalid", "une phrase de passe")
        network.staff.create(user=user, role="responsable")
        for name in {names!r}:
            Pole.objects.create(name=name, slug=slug_of(name, ()), reference_network=network)
        print(user.email)
    """)


def go_to(page: Page, wanted: Locator) -> None:
    """Tabs to an element, as who has no mouse."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def look(page: Page) -> None:
    """Nothing that axe finds, and nothing that is wider than the screen."""
    assert axe_findings(page) == []
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, page.url


def press(page: Page, name: str, role: Any = "button") -> None:
    go_to(page, page.get_by_role(role, name=name, exact=True))
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_messy_sheet(own_site: OwnSite, new_page: Pages, tmp_path: Path, width: int) -> None:
    first, second, third = WORDS[width]
    file = tmp_path / "Suivi PTCE.csv"
    file.write_bytes(MESSY.format(first, second, third).encode("cp1252"))
    poles = f"Pôle {first} des marées", f"Pôle {second} des châtaigniers"
    account = make_records(own_site, first, *poles)
    page = new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    # Listened to from the start: asked for at the key press, it may come too late.
    page.on("filechooser", lambda _: None)
    sign_in(page, account, own_site.environment["DATABASE_URL"])
    page.goto("/espace/")
    press(page, "Importer", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Importer un tableau")
    look(page)

    # Nothing chosen: said at the field, to which the summary leads.
    press(page, "Lire ce fichier")
    expect(page.get_by_role("alert")).to_be_focused()
    look(page)
    press(page, "Votre fichier", "link")
    expect(page.get_by_label("Votre fichier")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    press(page, "Lire ce fichier")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Les colonnes")
    expect(page.get_by_text("Titres à la ligne 3")).to_be_visible()
    expect(page.get_by_label("Nom du PTCE")).to_have_value("name")
    look(page)
    go_to(page, page.get_by_label("Abrégé"))
    page.keyboard.type("Sigle")
    expect(page.get_by_label("Abrégé")).to_have_value("acronym")
    press(page, "Voir ce que l’import ferait")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Ce que l’import ferait")
    look(page)
    double = page.get_by_label(f"Le pôle «\u00a0Pôle {second} des chataignier\u00a0» ressemble à")
    go_to(page, double)
    page.keyboard.press("ArrowDown")
    press(page, "Enregistrer mes réponses")

    expect(page.get_by_role("heading", name="À décider")).to_have_count(0)
    expect(page.get_by_text("n’est pas une année")).to_be_visible()
    look(page)
    press(page, "Importer 3 lignes")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import terminé")
    look(page)

    refused = page.get_by_role("link", name="Télécharger les lignes refusées")
    go_to(page, refused)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    raw = Path(download.value.path()).read_bytes()
    rows = [row.cells for row in open_book(raw, "refus.xlsx").rows(0)]
    assert [row[0] for row in rows[1:]] == [f"Un {first} mal daté"]
    told = own_site.run(f"""
        from poles.models import Pole
        kept = Pole.objects.filter(reference_network__slug={SLUG.format(first)!r})
        for pole in kept.order_by("pk"):
            print(pole.name, pole.founding_year, pole.acronym, pole.seat, pole.record_state)
    """)
    assert told.splitlines() == [
        f"Pôle {first} des marées 2014 PM Vannes brouillon",
        f"Pôle {second} des chataignier 2015  Rennes brouillon",
        f"{third} de la rade 2022 UF Lorient brouillon",
    ]


@pytest.fixture
def worker(own_site: OwnSite) -> Iterator[None]:
    """The process that does the long imports."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--verbosity", "0"]
    running = subprocess.Popen(
        command,
        env=own_site.environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    running.terminate()
    running.wait(30)


def test_a_long_sheet_shows_how_far_it_is(own_site: OwnSite, new_page: Pages, worker: None) -> None:
    names = (f"Atelier {n * 7919:x} {n * 104729:x}" for n in range(1, 131))
    table = [["Nom", "Commune"], *([name, "Vannes"] for name in names)]
    page = new_page(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    sign_in(page, make_records(own_site, "long"), own_site.environment["DATABASE_URL"])
    page.goto("/espace/imports/")
    sheet = {"name": "long.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(table)}
    page.get_by_label("Votre fichier").set_input_files(sheet)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("button", name="Voir ce que l’import ferait").click()
    if page.get_by_role("progressbar").count():
        look(page)
    # The page follows the worker by itself.
    write = page.get_by_role("button", name="Importer 130 lignes")
    expect(write).to_be_visible(timeout=60_000)
    write.click()
    expect(page.get_by_role("heading", name="Import terminé")).to_be_visible(timeout=60_000)
    look(page)
