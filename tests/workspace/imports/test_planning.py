"""What each row of a sheet would do: created, changed, proposed, left, asked about or refused."""

from typing import Any

import pytest

from poles.models import Pole
from poles.record import Change, current_values, write
from tests.factories import (
    MembershipFactory,
    NetworkStaffFactory,
    PoleFactory,
)
from tests.workspace.imports.making import answered, changed, one, outcomes, planned, rows, told
from tests.workspace.staff import Kept, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Kept:
    return kept(name="Pôle des essais")


# Which pole.


def test_a_row_is_of_the_pole_of_its_number_whatever_its_name(record: Kept) -> None:
    table = [
        ["Identifiant", "Nom"],
        [record.pole.public_id or f"PTCE-{record.pole.pk:05d}", "Neuf"],
    ]
    row = one(table, record)
    assert (row.outcome, told(row)) == ("modifie", {"Nom": ("Pôle des essais", "Neuf")})
    assert one([["Identifiant", "Nom"], ["PTCE-99999", "Neuf"]], record).outcome == "refuse"
    assert one([["Identifiant", "Nom"], ["n° 3 bis", "Neuf"]], record).outcome == "refuse"


def test_or_of_that_of_its_name_however_it_is_written(record: Kept) -> None:
    row = one([["Nom", "Sigle"], ["  POLE DES ESSAIS ", "PDE"]], record)
    assert (row.outcome, changed(row)) == ("modifie", {"name": "POLE DES ESSAIS", "acronym": "PDE"})


def test_a_name_that_two_poles_bear_is_asked_about(record: Kept) -> None:
    other = PoleFactory(name="Pôle des essais", reference_network=record.network)
    table = [["Nom", "Sigle"], ["Pôle des essais", "PDE"]]
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["attente"]
    answered(run, {"pole": str(other.pk)})
    assert rows(run)[0].subject == f"{other.pk:012d}"
    assert outcomes(answered(run, {"pole": "nouveau"})) == ["cree"]
    assert outcomes(answered(run, {"pole": "laisser"})) == ["refuse"]
    assert outcomes(answered(run, {"pole": "999"})) == ["attente"]


def test_a_probable_double_is_asked_about(record: Kept) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(name="Pôle des saveurs armoricaines")
    run = planned([["Nom"], ["Les saveurs armoricaine"]], record.manager, record.network)
    assert "ressemble à" in rows(run)[0].reason
    assert outcomes(answered(run, {"pole": "nouveau"})) == ["cree"]


def test_rows_of_a_new_pole_go_with_it_or_not_at_all(record: Kept) -> None:
    table = [["Nom", "Année de création"], ["Tout neuf", "jadis"]]
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["refuse"]
    other = [["Pôle", "Organisation"], ["Pôle inconnu", "A"]]
    run = planned(other, record.manager, record.network)
    assert "ne connaît pas de pôle" in rows(run)[0].reason


def test_two_rows_of_one_pole_add_up_unless_they_differ(record: Kept) -> None:
    table = [
        ["Nom", "Sigle", "Membres"],
        ["Pôle des essais", "A", "Un"],
        ["Pôle des essais", "A", "Deux"],
        ["Pôle des essais", "B", ""],
    ]
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["modifie", "modifie", "refuse"]
    assert "La ligne 2, du même pôle, dit autre chose" in rows(run)[2].reason


# Who may.


def test_who_may_not_publish_proposes(record: Kept) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(record_state="publie")
    table = [["Nom", "Sigle"], ["Pôle des essais", "PDE"]]
    assert one(table, record, record.editor).outcome == "propose"
    assert one(table, record, record.stranger).outcome == "propose"
    assert one(table, record, record.manager).outcome == "modifie"
    assert one(table, record, record.officer).outcome == "modifie"


def test_what_one_may_not_see_is_refused_with_the_reason(record: Kept) -> None:
    row = one([["Nom", "Sigle"], ["Pôle des essais", "PDE"]], record, record.stranger)
    assert (row.outcome, row.told) == ("refuse", [])
    assert "n’en a pas la charge" in row.reason
    Pole.objects.filter(pk=record.pole.pk).update(record_state="archive", archive_reason="Fusion")
    row = one([["Nom", "Sigle"], ["Pôle des essais", "PDE"]], record)
    assert "archivée" in row.reason


def test_new_poles_are_for_a_network_of_ones_own(record: Kept) -> None:
    table = [["Nom"], ["Tout neuf"]]
    assert one(table, record, record.editor).outcome == "cree"
    assert one(table, record, record.stranger).outcome == "refuse"
    assert outcomes(planned(table, record.officer, None)) == ["cree"]


# Since the export.


def test_what_others_changed_since_the_export_stays_theirs(record: Kept) -> None:
    """The file brings back the old summary, which nobody touched there: it is no wish."""
    write(record.pole, [Change("summary", "", "Ancien")])
    exported = Pole.objects.get(pk=record.pole.pk).version
    write(record.pole, [Change("summary", "Ancien", "Entre-temps")])
    table: list[list[Any]] = [["Nom", "Version", "Résumé", "Sigle"]]
    table.append(["Pôle des essais", exported, "Ancien", "PDE"])
    assert changed(one(table, record, erases=True)) == {"acronym": "PDE"}
    table[1][3] = ""
    assert one(table, record, erases=True).outcome == "inchange"
    table[1][1] = 999
    assert "n’a pas eu de version 999" in one(table, record, erases=True).reason


def test_what_both_changed_since_the_export_is_asked_about(record: Kept) -> None:
    exported = Pole.objects.get(pk=record.pole.pk).version
    write(record.pole, [Change("summary", "", "Entre-temps")])
    table: list[list[Any]] = [["Nom", "Version", "Résumé", "Sigle"]]
    table.append(["Pôle des essais", exported, "Du fichier", "PDE"])
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["attente"]
    assert "ont changé la même chose depuis l’export (Résumé)" in rows(run)[0].reason
    answered(run, {"version": "prendre"})
    assert changed(rows(run)[0]) == {"summary": "Du fichier", "acronym": "PDE"}
    assert rows(run)[0].changes["summary"]["before"] == "Entre-temps"
    answered(run, {"version": "garder"})
    assert changed(rows(run)[0]) == {"acronym": "PDE"}


def test_a_member_that_left_since_the_export_is_not_brought_back(record: Kept) -> None:
    member = MembershipFactory(pole=record.pole, organisation__name="Les Tracols d’essai")
    exported = Pole.objects.get(pk=record.pole.pk).version
    key = f"members/{member.pk}"
    before = current_values(record.pole, (), ("members",))[key]
    write(record.pole, [Change(key, before, {**before, "ends_on": "2024-01-01"})])
    table: list[list[Any]] = [
        ["Pôle", "Version", "N° de participation", "Organisation", "Jusqu’au"]
    ]
    table.append(["Pôle des essais", exported, member.pk, "Les Tracols d’essai", ""])
    assert one(table, record, erases=True).outcome == "inchange"


def test_an_own_network_of_staff_is_needed(record: Kept) -> None:
    other = NetworkStaffFactory().user
    assert one([["Nom"], ["Tout neuf"]], record, other).outcome == "refuse"
