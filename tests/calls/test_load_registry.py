"""The loader of the real poles, on the real files: all that they say, and nothing more."""

import csv
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from calls.models import Application, Call
from calls.registry.loading import DEFAULT_SOURCE, load_registry
from calls.registry.reading import split_addresses, split_list, split_members
from core.text import normalise
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.models import FactEvidence, Organisation
from networks.models import Network
from poles.models import Membership, Pole, PoleSource, Theme
from tests.calls.registry_files import (
    a_pole,
    empty_registry,
    history_sizes,
    pole_file,
    real_copy,
    versions,
)

pytestmark = pytest.mark.django_db

ROWS = list(csv.DictReader((DEFAULT_SOURCE / "poles.csv").open(encoding="utf-8")))


def pole(slug: str) -> Pole:
    return Pole.objects.get(slug=slug)


def people(slug: str) -> dict[str, str]:
    return dict(
        Membership.objects.filter(pole__slug=slug).values_list("organisation__name", "role")
    )


def decisions(slug: str) -> set[tuple]:
    return set(
        Application.objects.filter(pole__slug=slug).values_list(
            "call__code", "strand__code", "decision", "decision_words", "amount_eur"
        )
    )


def test_first_load_tells_what_it_did():
    empty_registry()
    report = load_registry()
    assert (report.poles.read, report.poles.created) == (84, 84)
    assert (report.calls.read, report.calls.created) == (8, 8)
    assert (report.networks.read, report.networks.created) == (27, 27)
    assert report.organisations.created == Organisation.objects.count() == 245
    assert report.refused == []
    assert report.seats == {"commune": 45, "département": 21, "région": 18}
    assert report.empty["poles.csv"]["commune"] == 39
    assert report.empty["poles.csv"]["departement_code"] == 18
    assert report.unmapped_types == Counter()
    assert report.unmapped_statuses == Counter()
    assert report.unmapped_outcomes == Counter()
    assert report.unmapped_themes["restauration"] == 2
    assert "Conseil départemental" in "".join(str(note) for note in report.notes)


def test_second_load_changes_nothing(settle):
    settle()
    before, numbers = history_sizes(), versions()
    report = load_registry()
    assert report.moved == 0
    assert (report.poles.unchanged, report.organisations.unchanged) == (84, 245)
    assert (report.calls.unchanged, report.networks.unchanged) == (8, 27)
    assert history_sizes() == before
    assert versions() == numbers
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT moved_by_transaction FROM core_dataversion")
        assert cursor.fetchone() == (0,)


def test_every_row_is_a_published_pole_that_nobody_has_confirmed():
    poles = Pole.objects.filter(name__in=[row["name"] for row in ROWS])
    assert poles.count() == len(ROWS) == 84
    assert set(poles.values_list("record_state", flat=True)) == {"publie"}
    assert set(poles.values_list("recognition", flat=True)) == {"aucune"}
    assert not poles.exclude(confirmed_on=None, members_confirmed_on=None).exists()
    assert not poles.exclude(reference_network=None, networks=None).exists()
    assert not poles.exclude(closed_on=None, latitude=None).exists()
    assert not Membership.objects.exclude(begins_on=None, ends_on=None).exists()


def test_every_word_and_every_source_is_kept():
    for row in ROWS:
        found = Pole.objects.get(name=row["name"])
        assert found.theme_words == split_list(row["themes"])
        assert found.maturity_words == row["status"]
        assert found.lead_words == row["lead_structure"]
        assert found.jobs_words == row["jobs"]
        assert found.acronym == row["acronym"]
        assert found.website == row["website"]
        assert str(found.founding_year or "") == row["year_created"]
        sources = set(found.sources.values_list("url", flat=True))
        assert sources == set(split_addresses(row["source_url"]))
    assert PoleSource.objects.count() > 84


def test_every_named_member_is_there_or_told():
    notes = "".join(str(note) for note in empty_then_load().notes)
    for row in ROWS:
        kept = {normalise(member.source_words) for member in memberships(row["name"])}
        for member in split_members(row["members"]):
            assert normalise(member.type) in kept or member.name in notes


def empty_then_load():
    empty_registry()
    return load_registry()


def memberships(name: str) -> list[Membership]:
    return list(Membership.objects.filter(pole__name=name))


def test_old_names_of_communes_are_found():
    assert pole("ptce-culture-a-montaigu").seat.name == "Montaigu-Vendée"
    assert pole("la-bio-pour-tous").seat.label == "Hautes-Pyrénées (65)"
    assert pole("pierre").seat.label == "Occitanie"


@pytest.mark.parametrize(
    ("slug", "maturity", "year"),
    [
        ("pole-sud-archer", "existant", 2015),
        ("figeacteurs", "existant", None),
        ("initiatives-et-cite", "clos", 2025),
        ("ptce-centre-isere", "emergent", 2014),
        ("3-eva", "emergent", 2016),
        ("le-damier", "existant", 2022),
        ("pierre", "projet", 2015),
        ("cis-dt-52", "non-renseigne", None),
        ("construire-solidaire", "non-renseigne", None),
        ("ptce-mer-lab-iles-de-guadeloupe", "non-renseigne", None),
        ("poles-noe", "non-renseigne", None),
    ],
)
def test_statuses_are_read_with_their_year(slug, maturity, year):
    assert (pole(slug).maturity, pole(slug).maturity_year) == (maturity, year)


@pytest.mark.parametrize(
    ("slug", "person", "form"),
    [
        ("tetris", "TETRIS", "SCIC"),
        ("le-phares", "PHARES", "SCIC"),
        ("clus-ter-jura", "Clus'Ter Jura", "SCIC"),
        ("pole-mobilite-du-bassin-d-emploi-du-havre", "Pôle Mobilité", "SCIC"),
        ("figeacteurs", "Figeacteurs", "association"),
        ("de-fil-en-reseaux", "De Fil En Réseaux", "association"),
        ("tiers-lieu-station-a", "Station A", "SCIC"),
    ],
)
def test_pole_that_is_a_legal_person_is_not_its_own_member(slug, person, form):
    assert pole(slug).legal_person.name == person
    assert pole(slug).legal_form == form
    assert person not in people(slug)
    assert "porteur" not in people(slug).values()


@pytest.mark.parametrize(
    ("slug", "lead"),
    [
        ("pole-sud-archer", "Groupe Archer"),
        (
            "pole-territorial-de-cooperation-economique-sud-aquitaine",
            "Comité de bassin d'emploi du Seignanx",
        ),
        ("ptce-agir-durable-2-0", "Ateliers Gersois d'Innovation et d'Insertion"),
        ("pierre", "Communauté de communes du Quercy-Rouergue et des Gorges de l'Aveyron"),
        ("ecosysteme-cooperatif-tera", "TERA"),
        ("stras-eco-renov", "Relais 2D"),
        ("ptce-culture-a-montaigu", "Le Moulin créatif"),
        ("resto-passerelle", "APPUI"),
    ],
)
def test_lead_and_listed_member_are_one_organisation(slug, lead):
    assert people(slug)[lead] == "porteur"
    assert list(people(slug).values()).count("porteur") == 1
    assert pole(slug).legal_person is None


@pytest.mark.parametrize(
    "slug", ["neo56", "cis-dt-52", "ptce-loire-angers", "les-articulteurs", "poles-noe"]
)
def test_lead_that_no_source_names_today_stays_in_words(slug):
    assert "porteur" not in people(slug).values()
    assert pole(slug).legal_person is None


def test_only_the_sources_members_are_active():
    assert people("bou-sol") == {
        "Pain et Partage": "actif",
        "Sodexo": "partenaire",
        "Compass": "partenaire",
        "EDF": "partenaire",
    }
    assert people("distro")["Biocoop"] == "partenaire"
    assert people("ptce-loire-angers") == {"IRESA": "actif"}
    assert "Conseil départemental" not in people("pole-sud-archer")
    roles = Counter(Membership.objects.values_list("role", flat=True))
    assert roles == {"actif": 191, "porteur": 26, "partenaire": 8}


@pytest.mark.parametrize(
    ("name", "kind", "facts"),
    [
        ("Schneider Electric", "inconnu", {}),
        ("Études et Chantiers Île-de-France", "inconnu", {}),
        ("Soleda Négoce", "entreprise", {"is_commercial": True, "is_ess": False}),
        ("La Nef", "ess", {"is_commercial": False, "is_ess": True, "is_legal_person": True}),
        ("Les Alchimistes", "ess", {"is_commercial": False, "is_ess": True}),
        ("Mode estime", "association", {"is_commercial": False, "is_ess": True}),
        ("R2D2", "inconnu", {}),
        ("La Drisse", "inconnu", {}),
        ("Initiatives Solidaires", "inconnu", {}),
        ("Chantiers Nature", "inconnu", {"is_legal_person": True}),
        ("Mode d'emploi", "association", {"is_commercial": False, "is_ess": True}),
        (
            "Ateliers et chantiers d'insertion du Bray",
            "association",
            {"is_commercial": False, "is_ess": True, "is_training_body": True},
        ),
        (
            "Ville de Paris",
            "collectivite",
            {"is_commercial": False, "is_ess": False, "is_legal_person": True},
        ),
        ("GRETA 95", "formation", {"is_training_body": True, "is_legal_person": False}),
        ("IUT de Figeac", "recherche", {"is_commercial": False, "is_legal_person": False}),
        ("CAPEB", "autre", {}),
        ("CRESS Rhône-Alpes", "inconnu", {}),
    ],
)
def test_a_word_says_no_more_than_it_says(name, kind, facts):
    found = Organisation.objects.get(name=name)
    known = ("is_commercial", "is_ess", "is_training_body", "is_non_ess_grouping")
    assert found.kind == kind
    assert {
        fact: value
        for fact in (*known, "is_legal_person")
        if (value := getattr(found, fact)) is not None
    } == facts
    aspects = set(found.evidence.values_list("aspect", flat=True))
    assert aspects == set(facts) | ({"kind"} if kind != "inconnu" else set())


def test_evidence_cites_its_pages():
    for evidence in FactEvidence.objects.all():
        assert evidence.origin == "presse"
        assert "http" in evidence.source
        assert evidence.stated_by is None


def test_facts_never_contradict_kinds():
    for found in Organisation.objects.all():
        for fact, value in CERTAIN_FACTS[OrganisationKind(found.kind)].items():
            assert getattr(found, fact) is value


def test_organisation_is_made_once_however_many_poles_name_it():
    found = Organisation.objects.get(name="Études et Chantiers Île-de-France")
    assert found.memberships.count() == 2
    keys = Counter(normalise(name) for name in Organisation.objects.values_list("name", flat=True))
    assert max(keys.values()) == 1


def test_phases_of_2021_are_accompaniment_and_grant():
    assert decisions("edenn") == {
        ("ami-2021", "accompagnement", "accompagne", "lauréat", None),
        ("ami-2021", "subvention", "laureat", "lauréat", 100000),
    }
    granted = Application.objects.filter(strand__code="subvention")
    assert granted.count() == 15
    assert Application.objects.filter(strand__code="accompagnement").count() == 20


def test_outcomes_that_decide_nothing_keep_their_words():
    assert decisions("pierre") == {("aap-2015", None, "inconnue", "candidat", None)}
    assert decisions("les-ecossolies") == {
        ("reconnaissance-nationale-ptce-2011", None, "inconnue", "reconnu", None)
    }
    assert ("labo-2011", None, "inconnue", "retenu", None) in decisions("smac-07")
    assert Application.objects.filter(imported=False).count() == 0


def test_calls_follow_the_rule_of_their_time():
    rules = dict(Call.objects.values_list("code", "composition_rule"))
    assert rules["labo-2011"] == rules["aap-2013"] == "aucune"
    assert rules["grappes-d-entreprises-datar-2010"] == "aucune"
    assert rules["aap-2015"] == "decret-2015"
    assert {rules[f"ami-{year}"] for year in range(2021, 2026)} == {"non-etablie"}
    assert Call.objects.get(code="aap-2015").private_law_required is True
    assert Call.objects.get(code="ami-2021").private_law_required is None
    other = Call.objects.get(code="grappes-d-entreprises-datar-2010")
    assert (other.kind, other.organiser, other.envelope_eur) == ("autre", "", None)


def test_networks_have_their_regions():
    assert Network.objects.filter(kind="chambre-regionale", regions=None).count() == 0
    assert Network.objects.filter(kind="reseau-national", regions__isnull=False).count() == 0
    assert Network.objects.get(slug="cress-la-reunion").regions.get().name == "La Réunion"
    assert not Network.objects.filter(regions__name="Guyane").exists()


def test_words_without_theme_stay_on_the_pole():
    found = pole("neo56")
    assert list(found.themes.values_list("slug", flat=True)) == ["emploi-insertion"]
    assert "restauration" in found.theme_words
    assert Theme.objects.first().slug == "alimentation-durable"


def test_command_prints_the_report_and_refuses_in_french(tmp_path, capsys):
    source = pole_file(tmp_path, a_pole(year_created="naguère"), a_pole(name="Autre pôle"))
    call_command("load_registry", source=str(source))
    printed = capsys.readouterr().out
    assert "ligne 2 (Pôle d’essai)" in printed
    assert "naguère" in printed
    assert "Lignes refusées (1)" in printed
    (real_copy(tmp_path) / "calls.csv").unlink()
    with pytest.raises(CommandError, match=r"calls\.csv"):
        call_command("load_registry", source=str(tmp_path))
