"""The pages of an import: a file sent, its columns named, its rows looked through, written."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.sheets import open_book
from poles.models import ImportRun, Pole
from tests.factories import NetworkStaffFactory, UserFactory
from tests.forms import filled
from tests.html import assert_clean_html
from tests.spreadsheets import bomb, many_empty_rows, truncated, workbook
from tests.workspace.imports.making import imported, planned
from tests.workspace.staff import MAX_STATEMENTS, Kept, kept, signed_in

pytestmark = pytest.mark.django_db

TABLE = [
    ["Nos PTCE en 2024"],
    ["Nom du PTCE", "Ville", "Département", "Année", "Statut", "Porteur", "Notes"],
    ["Pôle des essais", "Vannes", "56", 2014, "émergent (2021)", "Association Les Essais", "x"],
    ["Pôle à créer", "Lyon", "69", "", "", "", ""],
    ["Pôle mal daté", "Lyon", "69", "bientôt", "", "", ""],
]


def send(client: Client, raw: bytes, name: str = "tableau.xlsx", **more: Any) -> Any:
    return client.post("/espace/imports/", {"file": SimpleUploadedFile(name, raw), **more})


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    html = response.content.decode()
    assert_clean_html(html)
    return html.replace("&nbsp;", "\u00a0")


@pytest.fixture
def record() -> Kept:
    return kept(name="Pôle des essais")


def test_a_sheet_of_a_network_from_the_file_to_the_records(record: Kept) -> None:
    client = signed_in(record.manager)
    page = text_of(client.get("/espace/imports/"))
    assert "Modèle à remplir" in page
    response = send(client, workbook(TABLE), network=record.network.pk)
    run = ImportRun.objects.get()
    assert response["Location"] == f"/espace/imports/{run.pk}/colonnes/"

    response = client.get(response["Location"])
    page = text_of(response)
    assert "Titres à la ligne 2" in page
    assert "Colonnes désignées\u00a0: 6 sur\n            7" in page or "6 sur" in page
    response = client.post(f"/espace/imports/{run.pk}/colonnes/", filled(response))
    assert response["Location"] == f"/espace/imports/{run.pk}/"

    page = text_of(client.get(f"/espace/imports/{run.pk}/"))
    assert "Importer 2 lignes" in page
    assert "n’est pas une année" in page
    assert "Les Essais (nouvelle organisation)" in page
    assert not Pole.objects.filter(name="Pôle à créer").exists()

    response = client.post(f"/espace/imports/{run.pk}/ecrire/")
    page = text_of(client.get(response["Location"]))
    assert "Import terminé" in page
    made = Pole.objects.get(name="Pôle à créer")
    assert (made.record_state, made.reference_network) == ("brouillon", record.network)
    changed = Pole.objects.get(pk=record.pole.pk)
    assert (changed.founding_year, changed.maturity, changed.maturity_year) == (
        2014,
        "emergent",
        2021,
    )
    assert changed.memberships.get().role == "porteur"
    assert ImportRun.objects.get().content is None


def test_refused_rows_come_back_with_the_reason_and_can_be_sent_again(record: Kept) -> None:
    client = signed_in(record.manager)
    run = planned(workbook(TABLE), record.manager, record.network)
    run.state = "pret"
    run.save()
    response = client.get(f"/espace/imports/{run.pk}/refusees.xlsx")
    raw = b"".join(response.streaming_content)
    rows = [row.cells for row in open_book(raw, "refus.xlsx").rows(0)]
    assert rows[0] == (*TABLE[1], "Pourquoi la ligne n’a pas été importée")
    assert rows[1][0] == "Pôle mal daté"
    assert "n’est pas une année" in rows[1][7]
    again = planned(raw, record.manager, record.network)
    assert again.counts == {"poles": {"refuse": 1}}
    lines = client.get(f"/espace/imports/{run.pk}/refusees.csv")
    assert b"Pourquoi" in b"".join(lines.streaming_content)
    assert client.get(f"/espace/imports/{run.pk}/refusees.pdf").status_code == 404


def test_columns_are_asked_for_until_they_say_enough(record: Kept) -> None:
    client = signed_in(record.manager)
    send(client, workbook([["Truc", "Machin"], ["A", "B"]]), network=record.network.pk)
    run = ImportRun.objects.get()
    address = f"/espace/imports/{run.pk}/colonnes/"
    response = client.get(address)
    assert "Colonne vide" not in text_of(response)
    response = client.post(address, filled(response))
    assert "Dites quelle colonne donne le nom du pôle." in text_of(response)
    response = client.post(address, filled(response, **{"f0-0": "name", "f0-1": "name"}))
    assert "est déjà la colonne" in text_of(response)
    response = client.post(address, filled(response, **{"f0-0": "name", "f0-1": ""}))
    assert response.status_code == 302
    assert ImportRun.objects.get().counts == {"poles": {"cree": 1}}


def test_another_sheet_or_another_line_of_titles(record: Kept) -> None:
    def more(book: Any, sheet: Any) -> None:
        other = book.create_sheet("Adhérents")
        for row in (
            ["", "", ""],
            ["PTCE", "Structure", "Qualité"],
            ["Pôle des essais", "A", "actif"],
        ):
            other.append(row)

    client = signed_in(record.manager)
    send(client, workbook(TABLE, more), network=record.network.pk)
    run = ImportRun.objects.get()
    address = f"/espace/imports/{run.pk}/colonnes/"
    page = text_of(client.get(address))
    assert "Adhérents" in page
    response = client.get(f"{address}?feuille=1&titres=2&table=members")
    page = text_of(response)
    assert "Titres à la ligne 2" in page
    response = client.post(f"{address}?feuille=1&titres=2&table=members", filled(response))
    assert ImportRun.objects.get().counts == {"members": {"cree": 1}}
    for strange in ("feuille=9", "feuille=0&titres=99999", "feuille=x", "titres=-1&feuille=0"):
        assert client.get(f"{address}?{strange}").status_code in (200, 302)


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"", "vide.xlsx", "vide"),
        (truncated(workbook(TABLE)), "t.xlsx", "endommagé"),
        (b"\x00\x01\x02" * 50, "hasard.csv", "octet nul"),
        (b"%PDF-1.7", "tableau.pdf", "ni un fichier CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "vieux.xls", "ancien format"),
    ],
    ids=["empty", "truncated", "random", "pdf", "xls"],
)
def test_what_is_no_table_is_refused_by_its_field(
    record: Kept, raw: bytes, name: str, said: str
) -> None:
    response = send(signed_in(record.manager), raw, name, network=record.network.pk)
    page = text_of(response)
    assert said in page
    assert 'id="id_file_error"' in page
    assert not ImportRun.objects.exists()


def test_a_bomb_is_refused(record: Kept) -> None:
    page = text_of(send(signed_in(record.manager), bomb(), network=record.network.pk))
    assert "démesuré" in page


def test_too_big_a_file_is_refused_without_being_kept(record: Kept, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    raw = b"Nom;Ville\n" + b"A;B\n" * 500_000
    page = text_of(send(signed_in(record.manager), raw, "gros.csv", network=record.network.pk))
    assert "Ce fichier dépasse 1\u00a0Mo" in page
    assert "Choisissez un fichier" not in page


def test_damage_further_on_refuses_the_whole(record: Kept) -> None:
    client = signed_in(record.manager)
    lines = ["Nom;Commune", *(f"Pôle {n};Vannes (56)" for n in range(60)), '"jamais fermé;x', "z;y"]
    response = send(client, "\n".join(lines).encode(), "t.csv", network=record.network.pk)
    response = client.get(response["Location"])
    response = client.post(response.wsgi_request.path, filled(response))
    page = text_of(client.get(response["Location"]))
    assert "jamais refermé" in page
    assert not Pole.objects.filter(name__startswith="Pôle 1").exists()
    assert "Revoir les colonnes" in page


def test_thousands_of_empty_rows(record: Kept) -> None:
    """A hundred thousand are in tests/core/sheets; each page here reads the file again."""
    client = signed_in(record.manager)
    raw = many_empty_rows(TABLE[1:4], empty=10_000)
    response = send(client, raw, network=record.network.pk)
    response = client.get(response["Location"])
    response = client.post(response.wsgi_request.path, filled(response))
    assert ImportRun.objects.get().counts["poles"]["cree"] == 2


def test_an_import_is_its_authors_alone(record: Kept) -> None:
    run = planned(workbook(TABLE), record.manager, record.network)
    other = NetworkStaffFactory(network=record.network, role="responsable").user
    for client in (signed_in(other), signed_in(UserFactory(officer=True))):
        for path in ("", "colonnes/", "avancement/", "refusees.xlsx"):
            assert client.get(f"/espace/imports/{run.pk}/{path}").status_code == 404
        for path in ("reponses/", "ecrire/", "relire/", "effacer/"):
            assert client.post(f"/espace/imports/{run.pk}/{path}").status_code == 404
    assert Client().get(f"/espace/imports/{run.pk}/").status_code == 302


def test_questions_are_answered_on_the_page(record: Kept) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(name="Pôle des saveurs armoricaines")
    client = signed_in(record.manager)
    table = [["Nom", "Résumé"], ["Pole des saveur armoricaines", "Nouveau"]]
    run = planned(table, record.manager, record.network)
    run.state = "pret"
    run.save()
    page = text_of(client.get(f"/espace/imports/{run.pk}/"))
    assert "ressemble à" in page
    assert "Il n’y a rien à importer" in page
    question = run.questions.get()
    client.post(
        f"/espace/imports/{run.pk}/reponses/", {f"question-{question.pk}": "n’importe quoi"}
    )
    assert run.questions.get().answer == ""
    client.post(
        f"/espace/imports/{run.pk}/reponses/", {f"question-{question.pk}": str(record.pole.pk)}
    )
    page = text_of(client.get(f"/espace/imports/{run.pk}/"))
    assert "Importer 1 ligne<" in page
    client.post(f"/espace/imports/{run.pk}/ecrire/")
    assert Pole.objects.get(pk=record.pole.pk).summary == "Nouveau"


def test_a_long_file_is_read_apart_with_its_progress(record: Kept) -> None:
    client = signed_in(record.manager)
    table = [["Nom", "Commune"], *([f"Pôle numéro {n}", "Vannes"] for n in range(150))]
    response = send(client, workbook(table), network=record.network.pk)
    response = client.get(response["Location"])
    response = client.post(response.wsgi_request.path, filled(response))
    run = ImportRun.objects.get()
    assert run.state == "pret"
    ImportRun.objects.update(state="lecture", done=60)
    page = text_of(client.get(f"/espace/imports/{run.pk}/"))
    assert "60 sur 150" in page
    fragment = client.get(f"/espace/imports/{run.pk}/avancement/")
    assert "hx-get" in fragment.content.decode()
    ImportRun.objects.update(state="pret")
    fragment = client.get(f"/espace/imports/{run.pk}/avancement/")
    assert fragment["HX-Redirect"] == f"/espace/imports/{run.pk}/"


def test_what_the_worker_left_is_begun_again(record: Kept) -> None:
    client = signed_in(record.manager)
    run = planned(workbook(TABLE), record.manager, record.network)
    ImportRun.objects.update(state="ecriture")
    client.post(f"/espace/imports/{run.pk}/relire/")
    assert ImportRun.objects.get().state == "ecriture"
    ImportRun.objects.update(moved_at="2020-01-01T00:00Z")
    assert "s’est arrêté" in text_of(client.get(f"/espace/imports/{run.pk}/"))
    client.post(f"/espace/imports/{run.pk}/relire/")
    assert ImportRun.objects.get().state == "pret"


def test_it_is_given_up_or_erased(record: Kept) -> None:
    client = signed_in(record.manager)
    run = planned(workbook(TABLE), record.manager, record.network)
    client.post(f"/espace/imports/{run.pk}/effacer/")
    assert ImportRun.objects.exists()
    ImportRun.objects.update(state="pret")
    response = client.post(f"/espace/imports/{run.pk}/effacer/", follow=True)
    assert "sont effacés" in text_of(response)
    assert not ImportRun.objects.exists()


def test_templates_and_exports_are_files(record: Kept) -> None:
    client = signed_in(record.editor)
    for path, kind in (
        ("imports/modele.xlsx", "spreadsheetml"),
        ("imports/modele.csv", "text/csv"),
        ("export/classeur.xlsx", "spreadsheetml"),
        ("export/members.csv", "text/csv"),
    ):
        response = client.get(f"/espace/{path}")
        assert kind in response["Content-Type"], path
        raw = b"".join(response.streaming_content)
        assert open_book(raw, path).sheets
    assert client.get("/espace/export/classeur.csv").status_code == 404
    assert client.get("/espace/export/comptes.csv").status_code == 404
    assert client.get("/espace/imports/modele.ods").status_code == 404


def fill(sheet: Any, title: str, value: str) -> None:
    (column,) = [cell.column for cell in sheet[1] if cell.value == title]
    sheet.cell(2, column).value = value


def test_the_template_comes_back_filled(record: Kept) -> None:
    client = signed_in(record.editor)
    raw = b"".join(client.get("/espace/imports/modele.xlsx").streaming_content)
    book = openpyxl.load_workbook(BytesIO(raw))
    fill(book["Pôles"], "Nom", "Pôle du modèle")
    fill(book["Pôles"], "Siège", "Vannes (56)")
    fill(book["Pôles"], "Structure porteuse", "SCIC Les Quais")
    fill(book["Membres"], "Pôle", "Pôle du modèle")
    fill(book["Membres"], "Organisation", "La Fabrique")
    fill(book["Membres"], "Nature", "association")
    file = BytesIO()
    book.save(file)
    run = imported(file.getvalue(), record.editor, record.network)
    assert run.counts == {"poles": {"cree": 1}, "members": {"cree": 1}}
    made = Pole.objects.get(name="Pôle du modèle")
    assert made.seat.name == "Vannes"
    assert sorted(m.organisation.name for m in made.memberships.all()) == [
        "La Fabrique",
        "Les Quais",
    ]


@pytest.mark.parametrize("rows", [1, 120])
def test_statements(record: Kept, rows: int, django_assert_max_num_queries: Any) -> None:
    table = [
        ["Nom", "Résumé"],
        ["Pôle des essai", "x"],
        *([f"Pôle numéro {n}", "x"] for n in range(rows)),
    ]
    run = planned(table, record.manager, record.network)
    ImportRun.objects.update(state="pret")
    client = signed_in(record.manager)
    for path in (
        "imports/",
        f"imports/{run.pk}/",
        f"imports/{run.pk}/?voir=cree&page=2",
        "export/",
    ):
        with django_assert_max_num_queries(MAX_STATEMENTS):
            client.get(f"/espace/{path}")
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(f"/espace/imports/{run.pk}/colonnes/")
    with django_assert_max_num_queries(MAX_STATEMENTS):
        client.get(f"/espace/imports/{run.pk}/avancement/")
