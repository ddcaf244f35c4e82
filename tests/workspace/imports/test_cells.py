"""What the cells of a sheet say: dates, places, themes, members, projects, figures."""

from typing import Any

import pytest

from poles.models import ImportRun, Pole
from tests.factories import (
    CommuneFactory,
    DepartementFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleProjectFactory,
    ThemeFactory,
    valid_siren,
)
from tests.workspace.imports.making import answered, changed, one, outcomes, planned, rows, told
from tests.workspace.staff import Kept, kept, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Kept:
    return kept(name="Pôle des essais")


def test_an_empty_cell_keeps_or_erases_as_was_chosen(record: Kept) -> None:
    Pole.objects.filter(pk=record.pole.pk).update(acronym="PDE", summary="Ancien")
    table = [["Nom", "Sigle", "Résumé"], ["Pôle des essais", "", "Neuf"]]
    assert changed(one(table, record)) == {"summary": "Neuf"}
    assert changed(one(table, record, erases=True)) == {"summary": "Neuf", "acronym": ""}


@pytest.mark.parametrize(
    ("title", "cell", "expected"),
    [
        ("Année de création", "45292", {"founding_year": 2024}),
        ("Année de création", "2014,0", {"founding_year": 2014}),
        ("Année de création", "12/03/2015", {"founding_year": 2015}),
        ("Date de fermeture", "45292", {"closed_on": "2024-01-01"}),
        ("Date de fermeture", "1er mars 2024", {"closed_on": "2024-03-01"}),
        ("Maturité", "en émergence (2021)", {"maturity": "emergent", "maturity_year": 2021}),
        ("Maturité", "Clos", {"maturity": "clos"}),
        ("Site internet", "www.exemple.fr", {"website": "https://www.exemple.fr"}),
        ("Téléphone", "123456789", {"contact_phone": "0123456789"}),
        ("Latitude", "47.5", None),
        ("En zone rurale", "oui", None),
        ("Maturité", "presque", None),
        ("Site internet", "n’importe quoi", None),
        ("Mail", "pas un mail", None),
        ("Date de fermeture", "31/02/2024", None),
        ("Année de création", "12", None),
        ("Résumé", "x" * 401, None),
        ("Personne à contacter", "Mme X", {}),
    ],
)
def test_cells(record: Kept, title: str, cell: str, expected: dict[str, Any] | None) -> None:
    row = one([["Nom", title, "Sigle"], ["Pôle des essais", cell, "A"]], record)
    if expected is None:
        assert row.outcome == "refuse"
        assert row.reason
    else:
        assert changed(row) == {**expected, "acronym": "A"}, row.reason


def test_dates_of_the_calendar_of_1904(record: Kept) -> None:
    table = [["Nom", "Date de fermeture"], ["Pôle des essais", 43830]]
    assert changed(one(table, record, from_1904=True)) == {"closed_on": "2024-01-01"}


def test_a_position_is_placed_by_hand_and_whole(record: Kept) -> None:
    row = one([["Nom", "Lat", "Long"], ["Pôle des essais", "47,5", "-2.75"]], record)
    assert changed(row) == {
        "latitude": "47.5",
        "longitude": "-2.75",
        "position_origin": "main",
    }


def test_a_cell_that_cannot_be_read_refuses_its_row_alone(record: Kept) -> None:
    table = [["Nom", "Sigle"], ["Pôle des essais", "=1+1"], ["Tout neuf", "A"]]
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["refuse", "cree"]
    assert "formule dont le résultat n’est pas dans le fichier" in rows(run)[0].reason


def test_a_cell_of_themes_takes_the_place_of_those_of_before_and_says_so(record: Kept) -> None:
    before, other = ThemeFactory(name="Essai de jadis"), ThemeFactory(name="Essai de naguère")
    after = ThemeFactory(name="Essai de demain")
    record.pole.themes.set([before.pk, other.pk])
    table = [["Nom", "Thèmes"], [record.pole.name, "Essai de demain; essai de jadis"]]
    run = planned(table, record.manager, record.network)
    (row,) = rows(run)
    assert changed(row) == {"themes": sorted([before.pk, after.pk])}
    (words,) = told(row).values()
    assert [set(each.split(", ")) for each in words] == [
        {"Essai de jadis", "Essai de naguère"},
        {"Essai de jadis", "Essai de demain"},
    ]
    ImportRun.objects.filter(pk=run.pk).update(state="pret")
    page = signed_in(record.manager).get(f"/espace/imports/{run.pk}/").content.decode()
    assert "Essai de naguère" in page
    assert "Essai de demain" in page
    # An empty cell says nothing, unless the sheet is an export that was emptied on purpose.
    table[1][1] = " "
    assert one(table, record).outcome == "inchange"
    assert changed(one(table, record, erases=True)) == {"themes": []}


def test_themes_by_their_names_and_words_the_others_are_noted(record: Kept) -> None:
    themes = [ThemeFactory(name="Essais, un"), ThemeFactory(name="Essais deux")]
    row = one([["Nom", "Thèmes"], ["Pôle des essais", "essais UN ; Essais deux\nFoobar"]], record)
    assert changed(row) == {"themes": sorted(each.pk for each in themes)}
    assert row.notes == ["Thème hors de la liste, laissé de côté\u00a0: «\u00a0Foobar\u00a0»."]


def test_places_by_name_code_and_département(record: Kept) -> None:
    departement = DepartementFactory()
    places = [CommuneFactory(name="Bourg-en-Essai", departement=departement) for _ in range(2)]
    row = one([["Nom", "Siège"], ["Pôle des essais", "Bourg en Essai"]], record)
    assert "peut désigner plusieurs territoires" in row.reason
    written = f"Bourg-en-Essai ({places[1].code})"
    row = one([["Nom", "Siège"], ["Pôle des essais", written]], record)
    assert changed(row) == {"seat": places[1].pk}
    row = one([["Nom", "Siège"], ["Pôle des essais", f"Autre nom ({places[1].code})"]], record)
    assert "ne va pas avec le code" in row.reason
    table = [["Nom", "Territoire d’action"], ["Pôle des essais", "Vannes (56) ; Bretagne ; 35238"]]
    assert told(one(table, record))["Territoire d’action"] == (
        "rien",
        "Bretagne, Rennes (35), Vannes (56)",
    )


# Members, projects, figures.


def test_members_named_in_a_cell_are_added_and_none_leaves(record: Kept) -> None:
    known = MembershipFactory(pole=record.pole, organisation__name="Les Tracols d’essai")
    table = [
        ["Nom", "Porteur", "Membres"],
        [
            "Pôle des essais",
            "Coopérative d’essai",
            "les tracols d'essai|association; Une SCOP|SCOP",
        ],
    ]
    row = one(table, record)
    assert {label: after for label, (_, after) in told(row).items()} == {
        "Participation\u00a0: Coopérative d’essai (nouvelle organisation)": "structure porteuse",
        "Participation\u00a0: Une SCOP (nouvelle organisation)": "membre actif",
    }
    assert all(key.startswith("members/+") for key in row.changes)
    scop = next(c for c in changed(row).values() if c["source_words"] == "SCOP")
    assert scop["organisation"]["kind"] == "ess"
    assert known.organisation.name in str(record.pole.memberships.get())


def test_a_member_is_found_by_its_number_its_siren_or_its_name(record: Kept) -> None:
    organisation = OrganisationFactory(name="Les Tracols d’essai", siren=valid_siren(99_111_222))
    membership = MembershipFactory(pole=record.pole, organisation=organisation)
    head = ["Pôle", "N° de participation", "Organisation", "SIREN", "Jusqu’au"]
    for cells in (
        [membership.pk, "Les Tracols d’essai", "", "31/12/2023"],
        ["", "Un autre nom", organisation.siren, "31/12/2023"],
        ["", "Association Les Tracols d’essai", "", "2023"],
        ["", "LES TRACOLS D'ESSAI", f"{organisation.siren}00012"[:14], "31/12/2023"],
    ):
        row = one([head, ["Pôle des essais", *cells]], record)
        assert list(row.changes) == [f"members/{membership.pk}"], (cells, row.reason)
        assert changed(row)[f"members/{membership.pk}"]["ends_on"] == "2023-12-31"


@pytest.mark.parametrize(
    ("siren", "said"),
    [("123456789", "n’est pas un SIREN valide"), ("1,23457E+13", "a perdu ses derniers chiffres")],
)
def test_a_number_that_is_none_is_refused(record: Kept, siren: str, said: str) -> None:
    row = one([["Pôle", "Organisation", "SIREN"], ["Pôle des essais", "A", siren]], record)
    assert said in row.reason


def test_a_number_is_not_given_to_an_organisation_from_a_sheet(record: Kept) -> None:
    known = OrganisationFactory(name="Les Tracols d’essai")
    siren = valid_siren(99_333_444)
    table = [["Pôle", "Organisation", "SIREN"], ["Pôle des essais", known.name, siren]]
    row = one(table, record)
    (value,) = changed(row).values()
    assert value["organisation"] == known.pk
    assert f"Le SIREN {siren} n’est pas enregistré" in row.notes[0]


def test_a_siren_that_lost_its_zero_is_found(record: Kept) -> None:
    siren = next(s for n in range(1_000_000, 1_000_100) if (s := valid_siren(n)).startswith("0"))
    organisation = OrganisationFactory(name="Z", siren=siren)
    table = [["Pôle", "Organisation", "SIREN"], ["Pôle des essais", "Autre", int(siren)]]
    (value,) = changed(one(table, record)).values()
    assert value["organisation"] == organisation.pk


def test_an_organisation_like_another_is_asked_about_once(record: Kept) -> None:
    known = OrganisationFactory(name="La Ferme des Coquelicots")
    table = [
        ["Pôle", "Organisation"],
        ["Pôle des essais", "La ferme des coquelicot"],
        ["Autre", "La ferme des coquelicot"],
    ]
    PoleFactory(name="Autre", reference_network=record.network)
    run = planned(table, record.manager, record.network)
    assert outcomes(run) == ["attente", "attente"]
    assert run.questions.count() == 1
    answered(run, {"organisation": str(known.pk)})
    assert [c["organisation"] for row in rows(run) for c in changed(row).values()] == [known.pk] * 2
    answered(run, {"organisation": "nouveau"})
    assert "La ferme des coquelicot (nouvelle organisation)" in str(rows(run)[0].told)


def test_several_organisations_of_one_name_are_told_apart_by_their_number(record: Kept) -> None:
    one_of, _ = (OrganisationFactory(name="Homonyme d’essai") for _ in range(2))
    table: list[list[Any]] = [["Pôle", "Organisation"], ["Pôle des essais", "Homonyme d’essai"]]
    assert "par son SIREN, ou ainsi" in one(table, record).reason
    table[1][1] = f"Homonyme d’essai (n° {one_of.pk})"
    (value,) = changed(one(table, record)).values()
    assert value["organisation"] == one_of.pk


def test_projects_by_their_title_with_members_of_the_registry(record: Kept) -> None:
    project = PoleProjectFactory(pole=record.pole, title="Conciergerie d’essai")
    known = OrganisationFactory(name="Les Tracols d’essai")
    head = ["Pôle", "Intitulé", "Ce qui est mis en commun", "Membres engagés", "État"]
    cells = ["CONCIERGERIE d'essai", "locaux ; Achats", "Les Tracols d’essai", "fini"]
    row = one([head, ["Pôle des essais", *cells]], record)
    value = changed(row)[f"projects/{project.pk}"]
    assert value["pooled"] == ["locaux", "achats"]
    assert (value["members"], value["state"]) == ([known.pk], "termine")
    row = one([head, ["Pôle des essais", "Neuf", "", "Inconnue au bataillon", ""]], record)
    assert "n’est pas encore au registre" in row.reason


def test_figures_by_year(record: Kept) -> None:
    table: list[list[Any]] = [
        ["Pôle", "Année", "ETP", "CA"],
        ["Pôle des essais", 2023, "12,5", "1 234 567"],
    ]
    row = one(table, record)
    value = changed(row)["figures/2023"]
    assert (value["jobs_fte"], value["turnover_eur"], value["turnover_eur_public"]) == (
        "12.5",
        "1234567",
        False,
    )
    assert row.outcome == "cree"
    assert (
        "l’année manque" in one([table[0], ["Pôle des essais", "", "1", ""]], record).reason.lower()
    )
