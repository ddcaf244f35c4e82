"""Every table of the registry goes out as a file and comes back, whatever has an admin."""

from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pghistory.models import Events

from core.admin import RegistryAdmin
from core.admin.exchange.columns import is_personal, names_of
from core.models import WaitingFile
from core.sheets import open_book
from networks.models import User
from tests import factories as made
from tests.core.test_admin import FACTORIES, WRITTEN_ELSEWHERE, with_parts
from tests.html import html_findings
from tests.poles.recognised import recognised

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12
ADMINS = {
    model._meta.label: each
    for model, each in admin.site._registry.items()
    if isinstance(each, RegistryAdmin)
}
# The communes alone are more than a file may hold.
FEW = {"territories.Territory": "?kind=region", "territories.FormerCommune": "?q=saint-a"}
every_admin = pytest.mark.parametrize("label", ADMINS)


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(made.UserFactory(officer=True))
    return client


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(made.UserFactory(administrator=True))
    return client


def url(label: str, page: str) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_{page}")


def exported(client: Client, label: str, form: str = "csv", query: str = "") -> bytes:
    response = client.post(url(label, "export") + query, {"format": form})
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'.{form}"')
    return response.content


def table(raw: bytes) -> list[dict[str, str]]:
    """The rows of a file, by the codes of its columns."""
    head, *rows = (row.cells for row in open_book(raw, "f").rows(0))
    codes = [cell.rpartition("[")[2].rstrip("]") for cell in head]
    return [dict(zip(codes, [*cells, *[""] * len(codes)], strict=False)) for cells in rows]


def sent(
    client: Client, label: str, rows: list[dict[str, str]] | bytes, name: str = "f.csv"
) -> Any:
    """The page that previews a file."""
    if isinstance(rows, list):
        lines = [list(rows[0]), *(list(row.values()) for row in rows)]
        quoted = (";".join('"' + c.replace('"', '""') + '"' for c in line) for line in lines)
        rows = "\r\n".join(quoted).encode("utf-8-sig")
    return client.post(url(label, "import"), {"file": SimpleUploadedFile(name, rows)})


def counts(page: Any) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    assert page.context["refused"] == ""
    found = page.context["preview"]
    return found.new, found.changed, found.unchanged, found.refused


def confirmed(client: Client, label: str, page: Any, why: str = "") -> Any:
    fields = {"token": page.context["token"], "digest": page.context["preview"].digest}
    return client.post(url(label, "import"), {**fields, "_why": why})


def reasons(page: Any) -> list[str]:
    return [reason for row in page.context["preview"].rows for reason in row["reasons"]]


def pole_rows(client: Client, *poles: Any) -> list[dict[str, str]]:
    """What is exported of some poles."""
    ids = {str(pole.pk) for pole in poles}
    return [row for row in table(exported(client, "poles.Pole")) if row["id"] in ids]


def test_whatever_has_an_admin_has_its_export() -> None:
    rooms = {"territories", "networks", "members", "poles", "calls"}
    registered = {m._meta.label for m in admin.site._registry if m._meta.app_label in rooms}
    assert registered <= set(ADMINS)
    for label, each in ADMINS.items():
        assert url(label, "export"), label
        assert names_of(each.model)[0] == "id"


@every_admin
def test_an_export_costs_the_same_with_many_rows(administrator: Client, label: str) -> None:
    query = FEW.get(label, "")
    FACTORIES[label]()
    exported(administrator, label, query=query)
    costs = []
    for _ in range(2):
        for form in ("csv", "xlsx"):
            with CaptureQueriesContext(connection) as captured:
                raw = exported(administrator, label, form, query)
            costs.append(len(captured))
        for _ in range(5):
            with_parts(label, 1)
    assert costs[:2] == costs[2:]
    assert max(costs) <= MOST_STATEMENTS
    rows = len(table(raw))
    page = administrator.get(url(label, "export") + query)
    assert page.context["total"] >= rows >= 1
    assert [f for f in html_findings(page.content.decode()) if "inside the page" in f] == []


@every_admin
def test_what_was_exported_changes_nothing(administrator: Client, label: str) -> None:
    with_parts(label, 2)
    query = FEW.get(label, "")
    if label in WRITTEN_ELSEWHERE:
        assert administrator.get(url(label, "import")).status_code == 403
        return
    for form in ("csv", "xlsx"):
        raw = exported(administrator, label, form, query)
        page = sent(administrator, label, raw, f"f.{form}")
        new, changed, unchanged, refused = counts(page)
        assert (new, changed, refused) == (0, 0, 0), page.context["preview"].rows
        assert unchanged == len(table(raw)) > 0
        assert [n for n in page.context["preview"].notes if "Seule la feuille" not in n] == []


def test_values_are_previewed_then_imported_once(officer: Client) -> None:
    theme: Any = made.ThemeFactory()
    seat: Any = made.CommuneFactory()
    first, second = made.PoleFactory(acronym="AVANT"), made.PoleFactory()
    rows = pole_rows(officer, first, second)
    rows[0] |= {"acronym": "APRÈS", "themes": theme.slug, "confirmed_on": "15/03/2021"}
    rows[1] |= {"seat": f"commune/{seat.code}", "latitude": "48,5", "longitude": "-1,25"}
    rows[1] |= {"position_origin": "placée à la main", "rural_area": "", "maturity": "existant"}
    page = sent(officer, "poles.Pole", rows)
    assert counts(page) == (0, 2, 0, 0), reasons(page)
    changes = {tuple(c) for row in page.context["preview"].rows for c in row["changes"]}
    assert ("sigle", "AVANT", "APRÈS") in changes
    assert ("fiche confirmée le", "", "15/03/2021") in changes
    assert ("siège", "", f"commune/{seat.code}") in changes or first.seat
    first.refresh_from_db()
    assert first.acronym == "AVANT"

    assert confirmed(officer, "poles.Pole", page, "Relevé de mars").status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.acronym, [*first.themes.all()], second.seat) == ("APRÈS", [theme], seat)
    assert (str(second.latitude), str(second.longitude)) == ("48.50000", "-1.25000")
    assert not WaitingFile.objects.exists()
    event = Events.objects.references(first).filter(pgh_obj_model="poles.Pole").last()
    assert event.pgh_context["why"] == "Relevé de mars (import de f.csv)"
    assert event.pgh_context["user"] == int(officer.session["_auth_user_id"])
    # The same file again: its versions are of before, and it asks for nothing.
    assert counts(sent(officer, "poles.Pole", rows)) == (0, 0, 2, 0)


def test_each_refusal_is_beside_its_row_and_nothing_is_imported(officer: Client) -> None:
    poles = [made.PoleFactory() for _ in range(6)]
    rows = pole_rows(officer, *poles)
    rows[0]["contact_name"] = "Jeanne Martin"
    rows[1]["seat"] = "commune/00000"
    rows[2]["maturity"] = "florissant"
    rows[3] |= {"acronym": "X", "version": "99"}
    rows[4] |= {"acronym": "X", "version": ""}
    rows[5]["acronym"] = "X"
    page = sent(officer, "poles.Pole", rows)
    assert counts(page) == (0, 1, 0, 5)
    told = reasons(page)
    assert told[0] == "Le nom d’une personne ne s’enregistre qu’avec son accord, daté."
    assert "siège\u00a0: «\u00a0commune/00000\u00a0» ne désigne rien" in told[1]
    assert "maturité\u00a0: «\u00a0florissant\u00a0» n’est pas proposé" in told[2]
    assert "(version 99 dans le fichier" in told[3]
    assert "gardez la colonne" in told[4]
    assert [row["line"] for row in page.context["preview"].rows] == ["2", "3", "4", "5", "6", "7"]
    confirmed(officer, "poles.Pole", page)
    poles[5].refresh_from_db()
    assert poles[5].acronym != "X"


def test_a_recognised_pole_is_not_broken_by_a_file(officer: Client) -> None:
    pole, members = recognised()
    asked = table(exported(officer, "poles.Membership"))
    row = next(each for each in asked if each["id"] == str(members[0].pk))
    page = sent(officer, "poles.Membership", [row | {"ends_on": "01/01/2024"}])
    assert counts(page) == (0, 0, 0, 1)
    assert f"Le pôle «\u00a0{pole.name}\u00a0» est reconnu." in reasons(page)[0]


def test_what_changed_since_the_preview_is_shown_again(officer: Client) -> None:
    pole = made.PoleFactory(acronym="A")
    rows = pole_rows(officer, pole)
    rows[0]["acronym"] = "B"
    page = sent(officer, "poles.Pole", rows)
    pole.acronym = "C"
    pole.save()
    again = confirmed(officer, "poles.Pole", page)
    assert counts(again) == (0, 0, 0, 1)
    pole.refresh_from_db()
    assert pole.acronym == "C"


def test_rows_are_known_again_without_their_number(officer: Client) -> None:
    network, pole = made.NetworkFactory(), made.PoleFactory()
    rows = [{"slug": network.slug, "name": network.name, "acronym": "NEUF"}]
    assert counts(sent(officer, "networks.Network", rows)) == (0, 1, 0, 0)
    figures = [{"pole": pole.public_id, "year": "2023", "jobs_fte": "12,5", "source": "Enquête"}]
    page = sent(officer, "poles.PoleFigures", figures)
    assert counts(page) == (1, 0, 0, 0), reasons(page)
    confirmed(officer, "poles.PoleFigures", page)
    assert counts(sent(officer, "poles.PoleFigures", figures)) == (0, 0, 1, 0)
    study = [{"Titre": "Une étude", "Année [year]": "2020", "poles": pole.slug}]
    page = sent(officer, "poles.Study", study)
    assert counts(page) == (1, 0, 0, 0), reasons(page)
    confirmed(officer, "poles.Study", page)
    assert [*pole.studies.values_list("title", flat=True)] == ["Une étude"]
    assert counts(sent(officer, "poles.Study", study)) == (0, 0, 1, 0)


def test_a_fact_that_a_file_states_has_its_evidence(officer: Client) -> None:
    organisation = made.OrganisationFactory(is_ess=None, kind="inconnu")
    asked = table(exported(officer, "members.Organisation"))
    row = next(each for each in asked if each["id"] == str(organisation.pk))
    page = sent(officer, "members.Organisation", [row | {"is_ess": "oui"}])
    assert counts(page) == (0, 1, 0, 0), reasons(page)
    confirmed(officer, "members.Organisation", page, "Liste de l’agrément")
    proof = organisation.evidence.get(aspect="is_ess")
    assert (proof.value, proof.origin) == ("oui", "agent")
    assert proof.source == "Liste de l’agrément"


def test_a_text_that_looks_like_a_formula_stays_a_text(officer: Client) -> None:
    pole = made.PoleFactory(name="=1+1", acronym="+33")
    raw = exported(officer, "poles.Pole")
    assert b"'=1+1" in raw
    assert pole_rows(officer, pole)[0]["name"] == "=1+1"
    sheet = load_workbook(BytesIO(exported(officer, "poles.Pole", "xlsx"))).active
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"}
    assert kinds == {"s"}


def test_a_workbook_has_a_sheet_for_what_has_no_list(officer: Client) -> None:
    pole: Any = made.PoleFactory(acronym="GARDER")
    pole.refresh_from_db()
    source: Any = made.PoleSourceFactory(pole=pole)
    made.PoleSourceFactory()
    book = load_workbook(BytesIO(exported(officer, "poles.Pole", "xlsx", "?q=garder")))
    assert book.sheetnames == ["Pôles", "Sources"]
    rows = list(book["Sources"].iter_rows(values_only=True))
    assert [pole.public_id in row and source.url in row for row in rows[1:]] == [True]


def test_a_list_is_exported_as_it_is_filtered(officer: Client) -> None:
    kept, other = made.PoleFactory(acronym="GARDER"), made.PoleFactory(acronym="AUTRE")
    found = table(exported(officer, "poles.Pole", query="?q=garder"))
    assert str(kept.pk) in {row["id"] for row in found}
    assert str(other.pk) not in {row["id"] for row in found}


def test_who_only_reads_sees_no_person_and_writes_nothing(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.PoleFactory(contact_email="contact@exemple.invalid", contact_phone="01 02 03 04 05")
    monkeypatch.setattr(
        User, "has_perm", lambda self, perm, obj=None: perm.partition(".")[2].startswith("view_")
    )
    raw = exported(officer, "poles.Pole").decode()
    assert "contact@exemple.invalid" not in raw
    assert "01 02 03 04 05" not in raw
    personal = [
        n for n in names_of(ADMINS["poles.Pole"].model) if is_personal(ADMINS["poles.Pole"], n)
    ]
    assert {"contact_email", "contact_name", "recognition_officer"} <= set(personal)
    assert not any(f"[{name}]" in raw for name in personal)
    assert officer.get(url("poles.Pole", "import")).status_code == 403
    page = officer.get(url("poles.Pole", "changelist"))
    assert [name for name, _ in page.context["action_form"].fields["action"].choices] == [
        "",
        "export_selected",
    ]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 rien", "ni un fichier CSV"),
        (b"colonne;autre\n1;2\n", "aucune colonne n’est reconnue"),
        (b"name;name\n1;2\n", "y est deux fois"),
        (b"name;slug\n", "aucune ligne"),
    ],
)
def test_another_file_is_refused_with_its_reason(officer: Client, raw: bytes, told: str) -> None:
    page = sent(officer, "poles.Pole", raw or b" ")
    assert told in page.context["refused"]


def test_a_file_waits_for_its_sender_and_is_forgotten(officer: Client, settings: Any) -> None:
    pole = made.PoleFactory()
    rows = pole_rows(officer, pole)
    rows[0]["acronym"] = "Z"
    page = sent(officer, "poles.Pole", rows)
    other = Client()
    other.force_login(made.UserFactory(officer=True))
    assert "gardé deux heures" in confirmed(other, "poles.Pole", page).context["refused"]
    WaitingFile.objects.update(sent_at=timezone.now() - timedelta(hours=3))
    assert "gardé deux heures" in confirmed(officer, "poles.Pole", page).context["refused"]
    call_command("forget", "fichiers-en-attente", stdout=StringIO())
    assert not WaitingFile.objects.exists()
    settings.UPLOAD_MAX_BYTES = 100
    assert "dépasse" in sent(officer, "poles.Pole", rows).context["refused"]


def test_no_more_is_written_than_a_page_may(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.admin.exchange.resource.MOST_WRITTEN", 1)
    rows = [{"slug": f"theme-{n}", "name": f"Thème {n}", "position": str(n)} for n in range(2)]
    page = sent(officer, "poles.Theme", rows)
    assert "en plusieurs fichiers" in page.context["refused"]
