"""A broken row is refused alone, with its line; a broken file whole; neither leaves anything."""

import re

import pytest

from calls.registry.loading import load_registry
from core.tables import FileRefusedError
from members.models import Organisation
from poles.models import Pole
from territories.models import Territory
from tests.calls.registry_files import a_pole, history_sizes, pole_file, real_copy

pytestmark = pytest.mark.django_db

GOOD = a_pole(name="Pôle voisin", members="Structure voisine|membre")


def edit(path, change):
    before = path.read_bytes()
    after = change(before)
    assert after != before
    path.write_bytes(after)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": ""}, "pas de nom"),
        ({"name": "–"}, "pas de nom"),
        ({"name": "N" * 300}, "nom"),
        ({"year_created": "2O14"}, "année illisible.*2O14"),
        ({"year_created": "1500"}, "quatre chiffres"),
        ({"departement_code": "75"}, "75 n’est pas dans la région"),
        ({"members": "A|membre;|association"}, "membre sans nom"),
        ({"members": "A|B|association"}, "trop de barres"),
        ({"members": "M" * 300 + "|association"}, "nom"),
        ({"calls": "AAP 2015|lauréat|beaucoup"}, "montant illisible"),
        ({"calls": "AAP 2015|lauréat|-5"}, "montant illisible"),
        ({"calls": "AAP 2015|lauréat|NaN"}, "montant illisible"),
        ({"calls": "AAP 2015|lauréat|1|2"}, "appel mal écrit"),
        ({"calls": "|lauréat|"}, "appel mal écrit"),
        ({"calls": "AAP 2015|candidat|5000"}, "sans lauréat"),
        ({"calls": "AAP 2015|lauréat|;AAP 2015|candidat|"}, "déjà une candidature"),
        ({"acronym": "A" * 61}, "sigle"),
        ({"jobs": "j" * 301}, "emplois"),
    ],
)
def test_broken_row_is_refused_alone(tmp_path, cells, reason):
    bad = a_pole(**{"members": "Structure perdue|association", **cells})
    poles, organisations = Pole.objects.count(), Organisation.objects.count()
    report = load_registry(pole_file(tmp_path, GOOD, bad))
    (refusal,) = report.refused
    assert (refusal.file, refusal.line) == ("poles.csv", 3)
    assert re.search(reason, refusal.reason)
    assert report.poles.created == 1
    assert Pole.objects.count() == poles + 1
    assert Organisation.objects.count() == organisations + 1
    assert not Organisation.objects.filter(name="Structure perdue").exists()


def test_row_with_missing_cells_is_refused_alone(tmp_path):
    folder = pole_file(tmp_path, GOOD)
    edit(folder / "poles.csv", lambda raw: raw + b"Incomplet,,Rennes\r\n")
    report = load_registry(folder)
    assert [(r.line, r.name) for r in report.refused] == [(3, "Incomplet")]
    assert "3 cellules au lieu de 14" in report.refused[0].reason
    assert report.poles.created == 1


def test_duplicate_name_is_refused_with_the_first_ones_line(tmp_path):
    rows = (a_pole(), GOOD, a_pole(name="POLE D'ESSAI"))
    report = load_registry(pole_file(tmp_path, *rows))
    (refusal,) = report.refused
    assert refusal.line == 4
    assert "ligne 2" in refusal.reason


def test_lines_are_those_of_the_file_whatever_the_cells_hold(tmp_path):
    rows = (a_pole(jobs="un\ndeux\ntrois"), a_pole(name="Autre", year_created="x"))
    report = load_registry(pole_file(tmp_path, *rows))
    assert [refusal.line for refusal in report.refused] == [5]
    assert Pole.objects.get(name="Pôle d’essai").jobs_words == "un deux trois"


@pytest.mark.parametrize("file", ["poles.csv", "calls.csv", "networks.csv"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda raw: raw.decode().encode("cp1252", "replace"), "UTF-8"),
        (lambda raw: raw.decode().encode("utf-16"), "UTF-8"),
        (lambda raw: raw.replace(b"name,", b"nom,", 1), "manquante.*name"),
        (lambda raw: raw.replace(b"name,", b"name,name,", 1), "en double.*name"),
        (lambda raw: raw.replace(b",", b";"), "virgules"),
        (lambda raw: raw + b'"' + b"x" * 10_000_000, "100.000 caractères"),
        (lambda raw: raw + b"\0", "octet nul"),
        (lambda raw: raw + b'"jamais ferm\xc3\xa9', "guillemet"),
        (lambda raw: raw.splitlines()[0], "aucune ligne"),
        (lambda raw: b"", "vide"),
    ],
)
def test_broken_file_is_refused_whole(tmp_path, file, change, message):
    folder = real_copy(tmp_path)
    edit(folder / file, change)
    before = history_sizes()
    with pytest.raises(FileRefusedError, match=f"{file}.*{message}"):
        load_registry(folder)
    assert history_sizes() == before


def test_missing_file_is_refused_whole(tmp_path):
    (real_copy(tmp_path) / "networks.csv").unlink()
    with pytest.raises(FileRefusedError, match=r"networks\.csv.*introuvable"):
        load_registry(tmp_path)


def test_without_territories_nothing_is_loaded(tmp_path):
    Territory.objects.filter(kind="region").update(gone_on="2020-01-01")
    with pytest.raises(FileRefusedError, match="load_territories"):
        load_registry(pole_file(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("calls.csv", b",oui,", b",peut-\xc3\xaatre,", "oui ou non"),
        ("calls.csv", b"2015-06-30", b"30/06/2015", "date illisible"),
        ("calls.csv", b"2015-06-30", b"2015-01-30", "ne peuvent préc"),
        ("calls.csv", b"labo-2011,", b"Labo 2011,", "code.*lettres"),
        ("calls.csv", b"2700000", b"-1", "montant illisible"),
        ("calls.csv", b"ami-2022,", b"ami-2021,", "même code que la ligne"),
        ("networks.csv", b"Bretagne,http", b"Britannie,http", "région inconnue"),
        ("networks.csv", b"https://www.avise.org,", b"avise,", "site internet"),
        ("networks.csv", b"Coorace,Coorace,r\xc3\xa9seau", b"Coorace,Coorace,amis", "nature"),
        ("networks.csv", b"Institut Godin,", b"Coorace,", "même nom que la ligne"),
    ],
)
def test_broken_call_or_network_is_refused_alone(tmp_path, file, old, new, reason):
    folder = pole_file(tmp_path, GOOD)
    edit(folder / file, lambda raw: raw.replace(old, new, 1))
    report = load_registry(folder)
    (refusal,) = report.refused
    assert refusal.file == file
    assert re.search(reason, refusal.reason)
    assert report.poles.created == 1


def test_what_is_not_a_web_address_is_left_out_and_told(tmp_path):
    report = load_registry(
        pole_file(
            tmp_path,
            a_pole(website="javascript:alert(1)", source_url="ftp://x;https://exemple.test"),
        )
    )
    found = Pole.objects.get(name="Pôle d’essai")
    assert found.website == ""
    assert [source.url for source in found.sources.all()] == ["https://exemple.test"]
    assert len(report.notes) == 2


def test_unknown_words_are_kept_and_told(tmp_path):
    report = load_registry(
        pole_file(
            tmp_path,
            a_pole(
                themes="Culture;cuisine moléculaire",
                status="florissant (2020)",
                members="Structure A|guilde",
                calls="Appel d’essai|applaudi|",
                commune="Nulle-Part",
                departement_code="99",
            ),
        )
    )
    assert report.unmapped_themes == {"cuisine moléculaire": 1}
    assert report.unmapped_types == {"guilde": 1}
    assert report.unmapped_statuses == {"florissant": 1}
    assert report.unmapped_outcomes == {"applaudi": 1}
    assert "Appel d’essai" in report.other_calls
    notes = " ".join(str(note) for note in report.notes)
    assert "Nulle-Part" in notes
    assert "99" in notes
    found = Pole.objects.get(name="Pôle d’essai")
    assert found.theme_words == ["Culture", "cuisine moléculaire"]
    assert (found.maturity, found.maturity_words) == ("non-renseigne", "florissant (2020)")
    assert found.seat.name == "Bretagne"
    member = found.memberships.get()
    assert (member.source_words, member.organisation.kind) == ("guilde", "inconnu")
    assert member.organisation.source_words == ["guilde"]
    assert found.applications.get().decision_words == "applaudi"


def test_lost_zero_of_a_departement_is_found(tmp_path):
    report = load_registry(
        pole_file(tmp_path, a_pole(region="Auvergne-Rhône-Alpes", departement_code="7"))
    )
    assert report.notes == []
    assert Pole.objects.get(name="Pôle d’essai").seat.name == "Ardèche"
