"""The export of the State's forms platform becomes files of a call, through the admin's pages."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, CallColumns, PlatformImport
from members.models import Organisation
from poles.models import Pole
from tests.breaking import update
from tests.call_factories import PlatformImportFactory, call_at
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)
from tests.forms import fields_of
from tests.spreadsheets import workbook

pytestmark = pytest.mark.django_db

# As the platform titles them, then questions as an officer words them in a form.
TITLES = [
    "ID", "Email", "Établissement SIRET", "Entreprise raison sociale", "Déposé le",
    "Nom du PTCE", "Commune du projet", "Montant de la subvention demandée (en euros)",
    "Adresse électronique de contact",
]  # fmt: skip
SIRENS = ("552100554", "443061841", "732829320")


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(officer=True))
    return client


def line(number: int, pole: str = "", **cells: str) -> list[str]:
    values = {
        "siret": f"{SIRENS[0]}00013",
        "name": "Porteur neuf",
        "day": "2026-03-14 09:26:53 +0100",
        "commune": "",
        "euros": "60000",
        "contact": f"dossier{number}@exemple.fr",
        **cells,
    }
    siret, name, day, commune, euros, contact = values.values()
    return [str(number), "compte@exemple.fr", siret, name, day, pole, commune, euros, contact]


def csv_of(rows: list[list[str]], titles: list[str] = TITLES) -> bytes:
    return "\n".join(";".join(row) for row in [titles, *rows]).encode("cp1252")


def sent(client: Client, call: Call, raw: bytes, name: str = "export.csv") -> PlatformImport:
    address = reverse("admin:calls_call_platform", args=[call.pk])
    answer = client.post(address, {"file": SimpleUploadedFile(name, raw)})
    assert answer.status_code == 302, answer.content.decode()
    return PlatformImport.objects.latest("pk")


def columns_page(arrived: PlatformImport) -> str:
    return reverse("admin:calls_call_platform_columns", args=[arrived.call_id, arrived.pk])


def page(arrived: PlatformImport) -> str:
    return reverse("admin:calls_call_platform_preview", args=[arrived.call_id, arrived.pk])


def previewed(client: Client, call: Call, raw: bytes, **typed: Any) -> PlatformImport:
    """Sent, its columns left as they are proposed."""
    arrived = sent(client, call, raw)
    fields = fields_of(client.get(columns_page(arrived)))
    answer = client.post(columns_page(arrived), {**fields, **typed})
    assert answer.status_code == 302, answer.content.decode()
    arrived.refresh_from_db()
    return arrived


def posted(client: Client, arrived: PlatformImport, action: str, **typed: Any) -> str:
    fields = fields_of(client.get(page(arrived)))
    answer = client.post(page(arrived), {**fields, **typed, "action": action}, follow=True)
    arrived.refresh_from_db()
    return answer.content.decode()


def outcomes(arrived: PlatformImport) -> list[str]:
    return [row["outcome"] for row in arrived.rows]


def test_from_the_file_to_the_call(officer: Client) -> None:
    call = call_at("ouvert")
    pole = PoleFactory(name="Pôle des Deux Rives", seat=CommuneFactory())
    led = MembershipFactory(role="porteur", organisation=OrganisationFactory(siren=SIRENS[1])).pole
    rows = [
        line(101, "POLE DES DEUX-RIVES"),
        line(102, "", siret=f"{SIRENS[1]}00010", name="Déjà connue", euros="1 500,50 €"),
        line(103, "PTCE inconnu", siret="123"),
        line(104, "Un tout autre nom", siret=SIRENS[2], name="Tierce"),
        line(101, "POLE DES DEUX-RIVES"),
    ]
    arrived = previewed(officer, call, csv_of(rows))
    assert outcomes(arrived) == ["nouveau", "nouveau", "refuse", "attente", "refuse"]
    shown = officer.get(page(arrived)).content.decode()
    assert "n’est ni un SIRET ni un SIREN valide" in shown
    assert "déjà celui de la ligne 2" in shown
    assert not Application.objects.filter(call=call).exists()
    assert not Organisation.objects.filter(siren=SIRENS[0]).exists()
    # What is proposed for the one that waits, since nothing is like it: a draft.
    posted(officer, arrived, "choose")
    assert outcomes(arrived) == ["nouveau", "nouveau", "refuse", "nouveau", "refuse"]
    assert not Pole.objects.filter(name="Un tout autre nom").exists()
    assert "3 dossiers enregistrés" in posted(officer, arrived, "confirm")
    files = {each.file_number: each for each in Application.objects.filter(call=call)}
    assert sorted(files) == ["101", "102", "104"]
    first = files["101"]
    assert (first.pole, first.received_on) == (pole, date(2026, 3, 14))
    assert (first.requested_eur, first.contact_email) == (Decimal(60000), "dossier101@exemple.fr")
    assert first.beneficiary is not None
    assert (first.beneficiary.name, first.beneficiary.siren) == ("Porteur neuf", SIRENS[0])
    assert (files["102"].pole, files["102"].requested_eur) == (led, Decimal("1500.50"))
    assert files["104"].pole.record_state == "brouillon"
    assert arrived.content is None
    event = Application.pgh_event_model.objects.filter(pgh_obj=first).latest("pgh_id")  # type: ignore[attr-defined]
    assert "export.csv" in event.pgh_context.metadata["why"]
    assert "déjà enregistré" in posted(officer, arrived, "confirm") or arrived.applied_at


def test_every_line_without_a_near_pole_becomes_a_draft_at_once(officer: Client) -> None:
    call = call_at("ouvert")
    PoleFactory(name="Pôle des Deux Rives")
    unlike = [line(100 + at, f"Inédit numéro {at}") for at in range(60)]
    rows = [*unlike, line(200, "Deux Rives"), line(201, "")]
    arrived = previewed(officer, call, csv_of(rows))
    assert set(outcomes(arrived)) == {"attente"}
    assert "sans pôle proche (61)" in officer.get(page(arrived)).content.decode()
    # What was chosen otherwise on the page stays so; the other pages follow.
    posted(officer, arrived, "drafts", **{"pole-2": "laisser"})
    assert outcomes(arrived) == ["laisse", *["nouveau"] * 59, "attente", "nouveau"]
    assert not Pole.objects.filter(name__startswith="Inédit").exists()
    posted(officer, arrived, "confirm")
    assert Pole.objects.filter(name__startswith="Inédit", record_state="brouillon").count() == 59


def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(officer: Client) -> None:
    call = call_at("ouvert")
    for name in ("Un", "Deux", "Trois"):
        PoleFactory(name=f"Pôle numéro {name}")
    rows = [line(1, "Pôle numéro Un"), line(2, "Pôle numéro Deux")]
    posted(officer, previewed(officer, call, csv_of(rows)), "confirm")
    before = list(Application.pgh_event_model.objects.values_list("pk"))  # type: ignore[attr-defined]
    # What an officer corrected since is not undone by the platform's old words.
    Application.objects.filter(call=call, file_number="2").update(requested_eur=55000)
    again = previewed(officer, call, csv_of([*rows, line(3, "Pôle numéro Trois")]))
    assert outcomes(again) == ["identique", "different", "nouveau"]
    posted(officer, again, "confirm")
    assert len(Application.pgh_event_model.objects.all()) == len(before) + 2  # type: ignore[attr-defined]
    assert Application.objects.get(call=call, file_number="2").requested_eur == 55000
    # Unless they say so.
    third = previewed(officer, call, csv_of(rows))
    assert "Montant demandé" in officer.get(page(third)).content.decode()
    posted(officer, third, "choose", **{"take-3": "1"})
    assert outcomes(third) == ["identique", "reprise"]
    assert "1 dossier enregistré" in posted(officer, third, "confirm")
    assert Application.objects.get(call=call, file_number="2").requested_eur == 60000


def test_columns_are_said_once_for_a_call(officer: Client) -> None:
    call = call_at("ouvert")
    titles = ["Réf.", "Quel pôle ?", "Quand ?"]
    PoleFactory(name="Pôle du Large")
    raw = csv_of([["7", "Pôle du Large", "14/03/2026"]], titles)
    arrived = sent(officer, call, raw)
    told = officer.post(columns_page(arrived), {}).content.decode()
    assert "Dites quelle colonne donne" in told
    chosen = {"column-0": "file_number", "column-1": "pole", "column-2": "received_on"}
    assert officer.post(columns_page(arrived), chosen).status_code == 302
    # In another order, and with a column more that looks like one: what was said stands.
    other = csv_of(
        [["x", "14/03/2026", "8", "Pôle du Large"]], ["ID", *titles[::-1][:1], *titles[:2]]
    )
    again = sent(officer, call, other)
    form = officer.get(columns_page(again)).context["form"]
    assert [field.value() for field in form.of_columns] == [
        "",
        "received_on",
        "file_number",
        "pole",
    ]
    assert CallColumns.objects.get(call=call).columns["quel pole"] == "pole"


def test_waves_strands_and_a_workbook(officer: Client) -> None:
    call = call_at("ouvert", permanent=True)
    wave, strand = WaveFactory(call=call), StrandFactory(call=call, name="Subvention")
    WaveFactory(call=call)
    wave.state = "ouvert"
    wave.save()
    PoleFactory(name="Pôle du Nord")
    rows = [
        ["ID", "Nom du PTCE", "Volet demandé", "Déposé le"],
        [12345678, "Pôle du Nord", "Volet 2 – Subvention", date(2026, 3, 14)],
        [12345679, "Pôle du Nord", "Volet 9", date(2026, 3, 14)],
    ]
    arrived = previewed(officer, call, workbook(rows))
    assert outcomes(arrived) == ["nouveau", "refuse"]
    assert "Il a\u00a0: «\u00a0Subvention\u00a0»" in arrived.rows[1]["reason"]
    posted(officer, arrived, "confirm")
    file = Application.objects.get(call=call)
    assert (file.file_number, file.wave, file.strand) == ("12345678", wave, strand)


def test_what_the_database_refuses_is_told_beside_its_line(officer: Client) -> None:
    call = call_at("ouvert")
    PoleFactory(name="Pôle A")
    PoleFactory(name="Pôle B")
    arrived = previewed(
        officer, call, csv_of([line(1, "Pôle A"), line(2, "Pôle A"), line(3, "Pôle B")])
    )
    assert outcomes(arrived) == ["nouveau", "refuse", "nouveau"]
    assert "Ce pôle a déjà une candidature" in arrived.rows[1]["reason"]
    assert "2 dossiers enregistrés" in posted(officer, arrived, "confirm")


def test_the_pole_is_chosen_where_its_name_is_not_enough(officer: Client) -> None:
    call = call_at("ouvert")
    here, there = CommuneFactory(postal_codes=["99123"]), CommuneFactory()
    near, far = (PoleFactory(name="Pôle du Bois", seat=seat) for seat in (here, there))
    mine = PoleFactory(name="Écopôle de la Vallée Verte")
    within = PoleFactory(name="PTCE Zorglubois Montargien")
    rows = [
        line(1, "Pôle du Bois", commune=f"{here.name} (99123)"),
        line(2, "Pôle du Bois"),
        line(3, "Ecopole Vallée Verte"),
        line(4, f"PTCE-{far.pk:05d}"),
        line(5, "Personne"),
        line(6, "PTCE Zorglubois"),
    ]
    arrived = previewed(officer, call, csv_of(rows))
    assert outcomes(arrived) == ["nouveau", "attente", "attente", "nouveau", *["attente"] * 2]
    assert [pk for pk, *_ in arrived.rows[5]["candidates"]] == [within.pk]
    assert arrived.rows[0]["pole"] == near.pk
    assert [pk for pk, *_ in arrived.rows[1]["candidates"]] == [near.pk, far.pk]
    assert [pk for pk, *_ in arrived.rows[2]["candidates"]] == [mine.pk]
    told = posted(
        officer, arrived, "choose", **{"pole-3": "laisser", "pole-4": mine.pk, "typed-6": "Rien"}
    )
    assert outcomes(arrived) == ["nouveau", "laisse", "nouveau", "nouveau", *["attente"] * 2]
    assert "Aucun pôle n’a ce nom" in told
    posted(officer, arrived, "choose", **{"typed-6": mine.public_id})
    assert arrived.rows[4]["reason"].startswith("Ce pôle a déjà une candidature")


def test_a_file_entered_by_hand_gets_its_number(officer: Client) -> None:
    call = call_at("ouvert")
    pole = PoleFactory(name="Pôle saisi")
    by_hand = Application.objects.create(call=call, pole=pole)
    arrived = previewed(officer, call, csv_of([line(9, "Pôle saisi")]))
    assert outcomes(arrived) == ["reprise"]
    posted(officer, arrived, "confirm")
    by_hand.refresh_from_db()
    assert (by_hand.file_number, by_hand.requested_eur) == ("9", 60000)


def test_an_organisation_without_number_gets_that_of_the_platform(officer: Client) -> None:
    call = call_at("ouvert")
    known = OrganisationFactory(name="Association Les Mille Mains d’Essai")
    PoleFactory(name="Pôle A")
    arrived = previewed(officer, call, csv_of([line(1, "Pôle A", name="LES MILLE MAINS D'ESSAI")]))
    assert "lui sera donné" in " ".join(arrived.rows[0]["notes"])
    posted(officer, arrived, "confirm")
    known.refresh_from_db()
    assert known.siren == SIRENS[0]
    assert Application.objects.get(call=call).beneficiary == known


def test_nothing_is_written_of_what_was_not_shown(officer: Client) -> None:
    call = call_at("ouvert")
    pole = PoleFactory(name="Pôle A")
    PoleFactory(name="Pôle B")
    arrived = previewed(officer, call, csv_of([line(1, "Pôle A"), line(2, "Pôle B")]))
    Application.objects.create(call=call, pole=pole, file_number="77")
    assert "rien n’est enregistré" in posted(officer, arrived, "confirm")
    assert Application.objects.filter(call=call).count() == 1
    assert outcomes(arrived) == ["refuse", "nouveau"]
    # The call was closed meanwhile: every line says so.
    call.state = "instruction"
    call.save()
    Application.objects.filter(call=call).update(decision="refuse", decided_on=timezone.localdate())
    call.state = "decide"
    call.save()
    posted(officer, arrived, "confirm")
    assert outcomes(arrived) == ["refuse", "refuse"]
    address = reverse("admin:calls_call_platform", args=[call.pk])
    assert "tant que l’appel est ouvert" in officer.get(address).content.decode()


def test_what_is_no_table_is_refused_beside_its_field(officer: Client) -> None:
    address = reverse("admin:calls_call_platform", args=[call_at("ouvert").pk])
    answer = officer.post(address, {"file": SimpleUploadedFile("note.pdf", b"%PDF-1.7 x")})
    assert "ce n’est ni un fichier CSV ni un classeur" in answer.content.decode()
    assert not PlatformImport.objects.exists()


def test_reading_and_showing_cost_the_same_with_many_lines(officer: Client) -> None:
    call = call_at("ouvert")
    many = PoleFactory.create_batch(70)

    def statements(rows: list[list[str]]) -> tuple[int, int]:
        """Of the rehearsal, and of a page of the preview."""
        arrived = sent(officer, call, csv_of(rows))
        fields = fields_of(officer.get(columns_page(arrived)))
        with CaptureQueriesContext(connection) as read:
            assert officer.post(columns_page(arrived), fields).status_code == 302
        with CaptureQueriesContext(connection) as shown:
            assert officer.get(page(arrived)).status_code == 200
        return len(read), len(shown)

    rows = [line(at, pole.name) for at, pole in enumerate(many, start=1)]
    rows += [line(at, f"À venir {at}") for at in range(1001, 1021)]
    statements([rows[0], rows[-1]])
    few = statements([rows[0], rows[-1]])
    assert statements(rows) == few
    assert few[0] <= 60
    assert few[1] <= 12


def test_an_export_is_kept_a_few_days() -> None:
    old = PlatformImportFactory()
    update(old, moved_at="2026-01-01T00:00:00Z")
    recent = PlatformImportFactory()
    call_command("forget", "exports-plateforme")
    assert list(PlatformImport.objects.all()) == [recent]
