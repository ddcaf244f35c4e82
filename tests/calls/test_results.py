"""The table of results: for officers every file, for the public whom the call retained."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Application, Call
from calls.results import ResultsTable, every_file, result_files, results_pdf, retained
from catalogue.public import forget_pages
from tests.breaking import update
from tests.call_factories import RegionalOpinionFactory, advance, call_at, file_of, laureate
from tests.factories import (
    CommuneFactory,
    OrganisationFactory,
    PoleFactory,
    StrandFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HARD = 'Pôle #1 *Cœur* $x$ \\ "d’Œuvre"'


def published(call: Call, name: str, **values: Any) -> Application:
    return file_of(
        call, pole=PoleFactory(name=name, seat=CommuneFactory(), published=True), **values
    )


def tables_of(call: Call, **how: Any) -> list[ResultsTable]:
    return retained(result_files(Application.objects.filter(call=call)), **how)


def test_whom_a_call_retained_with_what_they_get() -> None:
    call = call_at()
    masked = OrganisationFactory(name="Camille Exemple", publication_status="P")
    strand = StrandFactory(call=call, name="Subvention")
    first = published(call, "Pôle A", beneficiary=masked, strand=strand)
    for file, amount in ((first, 60_000), (published(call, "Pôle B"), None)):
        laureate(file, amount)
    laureate(published(call, "Pôle C"), None, decision="accompagne")
    laureate(published(call, "Pôle D"), None, decision="refuse")
    laureates, supported = tables_of(call)
    assert laureates.head == ["Pôle", "Bénéficiaire", "Siège", "Région", "Volet", "Montant"]
    by_name = {row[0]: row for row in laureates.rows}
    assert by_name["Pôle A"][1] == "Camille Exemple"
    assert by_name["Pôle A"][3] == first.pole.seat.region.name
    assert by_name["Pôle A"][4:] == ["Subvention", "60\u202f000\u00a0€"]
    assert by_name["Pôle B"][5] == "–"
    assert laureates.total == "2 dossiers, 60\u202f000\u00a0€ engagés (pour 1 d’entre eux)."
    assert [row[0] for row in supported.rows] == ["Pôle C"]
    assert "Volet" not in supported.head
    # What the State's register does not let be told is not told to the public.
    assert tables_of(call, public=True)[0].rows != laureates.rows
    assert "Camille" not in str(tables_of(call, public=True))


def test_officers_have_every_file_with_its_opinions(client: Client) -> None:
    client.force_login(UserFactory(officer=True))
    call = call_at()
    opinion = RegionalOpinionFactory(application=published(call, HARD), rank=2)
    update(opinion.application, decision="refuse", decided_on="2024-06-01")

    def more() -> None:
        RegionalOpinionFactory(application=published(call, "Autre"))

    more()
    address = reverse("admin:calls_call_results", args=[call.pk])
    client.get(address)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = statements()
    for _ in range(5):
        more()
    assert statements() == few <= 12
    table = every_file(list(result_files(Application.objects.filter(call=call))))
    row = next(row for row in table.rows if row[0] == HARD)
    assert "favorable, rang 2" in row[5]
    assert row[6] == "refusé, le 1er juin 2024"
    assert "Pôle #1 *Cœur*" in client.get(address).content.decode()
    pdf = client.get(reverse("admin:calls_call_results_pdf", args=[call.pk]))
    assert pdf.content.startswith(b"%PDF")


def test_the_table_is_tagged_with_its_head() -> None:
    call = Call(name="Appel", organiser="Le ministère")
    rows = [[HARD, "Une commune", "1\u202f000\u00a0€"] for _ in range(120)]
    table = ResultsTable("Lauréats", ["Pôle", "Commune", "Montant"], rows, [2], "120 dossiers.")
    pdf = results_pdf(call, f"Résultats {HARD}", ["Une phrase."], [table], date(2026, 6, 1))
    for mark in (
        b"/StructTreeRoot",
        b"/Lang",
        b"/MarkInfo",
        b"pdfuaid",
        b"/Table",
        b"/TH",
        b"/THead",
    ):
        assert mark in pdf


def test_the_public_reads_them_once_the_call_is_decided(client: Client) -> None:
    call = call_at(code="aap-essai", name="Appel d’essai")
    laureate(published(call, "Pôle lauréat"), 60_000)
    refused = published(call, "Pôle refusé")
    laureate(refused, None, decision="refuse")
    address = "/appels-a-projets/aap-essai/resultats.pdf"
    assert client.get(address).status_code == 404
    advance(call, "decide")
    forget_pages()
    assert address in client.get("/appels-a-projets/aap-essai/").content.decode()
    forget_pages()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert len(captured) <= 8
    assert answer["Content-Type"] == "application/pdf"
    assert "public" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")
    # Kept as any public page is.
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/appels-a-projets/ami-2021/resultats.pdf").status_code == 200
    assert client.get("/appels-a-projets/inconnu/resultats.pdf").status_code == 404
