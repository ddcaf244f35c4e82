"""What is exported, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.sheets import open_book
from poles.models import ImportRun, Pole
from tests.factories import (
    ImportRunFactory,
    MembershipFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleNetworkFactory,
    PoleThemeFactory,
)
from tests.workspace.staff import Kept, kept, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Kept:
    return kept(name="Pôle des essais")


def exported(user: Any, name: str = "poles", query: str = "") -> list[dict[str, str]]:
    response = signed_in(user).get(f"/espace/export/{name}.csv{query}")
    assert response.status_code == 200
    raw = b"".join(response.streaming_content)
    head, *rows = (row.cells for row in open_book(raw, "export.csv").rows(0))
    return [dict(zip(head, [*row, *[""] * len(head)], strict=False)) for row in rows]


def names(user: Any, query: str = "") -> set[str]:
    return {row["Nom"] for row in exported(user, "poles", query)}


def test_a_network_exports_what_concerns_it(record: Kept) -> None:
    region = record.pole.seat.region
    PoleFactory(name="Sans réseau, d’ici", seat=record.pole.seat)
    PoleFactory(name="Sans réseau, région", seat=region, published=True)
    PoleFactory(name="D’un autre réseau", seat=record.pole.seat, reference_network=kept().network)
    PoleNetworkFactory(pole=PoleFactory(name="Accompagné"), network=record.network)
    PoleFactory(name="Archivé", record_state="archive", archive_reason="Fusion",
                reference_network=record.network)  # fmt: skip
    assert names(record.editor) == {
        "Pôle des essais",
        "Sans réseau, d’ici",
        "Sans réseau, région",
        "Accompagné",
    }
    assert "Pôle des essais" not in names(record.stranger)
    assert "D’un autre réseau" in names(record.officer)
    assert "Archivé" not in names(record.officer)


def test_the_filters_of_the_list_keep_some_of_the_published(record: Kept, settle: Any) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(record_state="publie", maturity="projet")
    other = PoleFactory(name="Autre", reference_network=record.network, published=True)
    PoleThemeFactory(pole=other)
    settle()
    assert names(record.editor, "?maturite=projet") == {"Pôle des essais"}
    assert names(record.editor, "?maturite=inconnue") == {"Pôle des essais", "Autre"}
    page = signed_in(record.editor).get("/espace/export/?maturite=projet").content.decode()
    assert "1 pôle" in page
    assert "classeur.xlsx?maturite=projet" in page


def test_rows_bear_what_makes_them_come_back(record: Kept) -> None:
    member = MembershipFactory(pole=record.pole, role="porteur", begins_on="2020-01-01")
    PoleFiguresFactory(pole=record.pole, year=2023, jobs_fte="12.5", turnover_eur=1000)
    pole = Pole.objects.get(pk=record.pole.pk)
    (row,) = exported(record.editor, "members")
    assert row["Identifiant du pôle"] == pole.public_id
    assert row["Version"] == str(pole.version)
    assert row["N° de participation"] == str(member.pk)
    assert (row["Rôle"], row["Depuis le"]) == ("structure porteuse", "01/01/2020")
    (row,) = exported(record.editor, "figures")
    assert (row["Année"], row["Emplois (ETP)"], row["Chiffre d’affaires : public"]) == (
        "2023",
        "12,5",
        "non",
    )


def test_old_imports_are_forgotten() -> None:
    old, new = ImportRunFactory(), ImportRunFactory()
    ImportRun.objects.filter(pk=old.pk).update(moved_at=timezone.now() - timedelta(days=8))
    old.rows.create(table="poles", line=2)
    call_command("forget", "imports")
    assert list(ImportRun.objects.values_list("pk", flat=True)) == [new.pk]
