"""What a later load changes, and what it leaves to the people who have changed it since."""

import pghistory
import pytest
from django.db import connection

from calls.models import Application, Call
from calls.registry.loading import load_registry
from members.models import Organisation
from networks.models import Network
from poles.models import Membership, Pole, PoleSource
from tests.calls.registry_files import a_pole, pole_file
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(tmp_path):
    """Loads poles written in the test, over the real data."""

    def load(*poles):
        return load_registry(pole_file(tmp_path, *poles))

    return load


def the_pole() -> Pole:
    return Pole.objects.get(name="Pôle d’essai")


def people() -> dict[str, str]:
    return dict(
        Membership.objects.filter(pole=the_pole()).values_list("organisation__name", "role")
    )


def by_hand():
    """The context in which a page of the site writes."""
    return pghistory.context(user=1, url="/espace/")


def test_record_follows_its_file_as_long_as_no_one_has_touched_it(source):
    source(
        a_pole(
            themes="culture;cuisine",
            status="projet (2015)",
            lead_structure="Structure A",
            members="Structure A|membre;Structure B|association;Structure C|partenaire",
            calls="AAP 2015|candidat|;Appel d’essai|lauréat|",
        )
    )
    report = source(
        a_pole(
            themes="tourisme",
            status="existant (2020)",
            lead_structure="Structure B",
            members="Structure B|association;Structure C|membre;Structure D|SCIC",
            calls="AAP 2015|lauréat|50 000 €",
            source_url="https://exemple.test/autre",
        )
    )
    assert report.poles.changed == 1
    found = the_pole()
    assert (found.maturity, found.maturity_year) == ("existant", 2020)
    assert [theme.slug for theme in found.themes.all()] == ["tourisme"]
    assert people() == {"Structure B": "porteur", "Structure C": "actif", "Structure D": "actif"}
    application = Application.objects.get(pole=found)
    assert (application.decision, application.amount_eur) == ("laureat", 50000)
    assert set(found.sources.values_list("url", flat=True)) == {
        "https://exemple.test/page",
        "https://exemple.test/autre",
    }
    assert Call.objects.get(name="Appel d’essai").kind == "autre"


def test_empty_cell_erases_nothing(source):
    full = a_pole(
        themes="culture",
        acronym="PE",
        status="projet (2015)",
        year_created="2014",
        lead_structure="Structure A",
        website="https://exemple.test",
        members="Structure B|association",
        calls="AAP 2015|candidat|",
        jobs="3 emplois",
        departement_code="35",
        commune="Rennes",
    )
    source(full)
    report = source({"name": "Pôle d’essai", "region": "Bretagne", "departement_code": "35"})
    assert the_pole().seat.kind == "departement"
    assert report.poles.changed == 1
    found = the_pole()
    assert (found.acronym, found.maturity, found.founding_year) == ("PE", "projet", 2014)
    assert found.jobs_words == "3 emplois"
    assert people() == {"Structure A": "porteur", "Structure B": "actif"}
    assert found.themes.count() == found.sources.count() == found.applications.count() == 1
    assert Organisation.objects.get(name="Structure B").kind == "association"


def test_member_that_becomes_the_poles_own_person(source):
    source(a_pole(lead_structure="Structure A", members="Pôle d’essai|SCIC"))
    source(a_pole(lead_structure="SCIC Pôle d’essai", members="Pôle d’essai|SCIC;B|membre"))
    assert the_pole().legal_person.name == "Pôle d’essai"
    assert people() == {"B": "actif"}


def test_record_changed_through_a_page_is_left(source):
    source(a_pole(themes="culture", members="A|membre"))
    with by_hand():
        Pole.objects.filter(name="Pôle d’essai").update(summary="Corrigé.")
    before = the_pole()
    report = source(a_pole(themes="tourisme", members="B|membre", status="existant"))
    assert report.poles.left == ["Pôle d’essai"]
    assert (the_pole().version, the_pole().maturity) == (before.version, "non-renseigne")
    assert people() == {"A": "actif"}


def test_record_changed_through_sql_is_left(source):
    source(a_pole())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE poles_pole SET acronym = 'X' WHERE name = 'Pôle d’essai'")
    assert source(a_pole(acronym="Y")).poles.left == ["Pôle d’essai"]
    assert the_pole().acronym == "X"


@pytest.mark.parametrize(
    "change",
    [
        lambda pole: pole.memberships.all().delete(),
        lambda pole: pole.poletheme_set.all().delete(),
        lambda pole: PoleSource.objects.filter(pole=pole).delete(),
        lambda pole: PoleSource.objects.create(pole=pole, url="https://exemple.test/x"),
    ],
)
def test_record_whose_parts_were_changed_is_left(source, change):
    row = a_pole(members="A|membre", themes="culture")
    source(row)
    with by_hand():
        change(the_pole())
    assert source(row).poles.left == ["Pôle d’essai"]


def test_renamed_record_is_still_known(source):
    source(a_pole())
    with by_hand():
        Pole.objects.filter(name="Pôle d’essai").update(name="Nom corrigé", slug="nom-corrige")
    report = source(a_pole())
    assert (report.poles.left, report.poles.created) == (["Pôle d’essai"], 0)


def test_record_deleted_by_hand_does_not_come_back(source):
    source(a_pole())
    with by_hand():
        the_pole().delete()
    report = source(a_pole())
    assert (report.poles.left, report.poles.created) == (["Pôle d’essai"], 0)


def test_organisation_changed_by_hand_is_left_and_still_named(source):
    source(a_pole(members="Structure B|association"))
    with by_hand():
        Organisation.objects.filter(name="Structure B").update(website="https://exemple.test")
    report = source(a_pole(members="Structure B|SCIC"))
    assert report.organisations.left == ["Structure B"]
    assert Organisation.objects.get(name="Structure B").kind == "association"
    assert people() == {"Structure B": "actif"}


def test_organisation_already_registered_is_the_one_named(source):
    known = OrganisationFactory(name="Structure déjà là")
    source(a_pole(members="Association STRUCTURE DEJA LA|association"))
    assert Membership.objects.get(pole=the_pole()).organisation == known


def test_name_that_two_organisations_bear_is_refused(source):
    OrganisationFactory.create_batch(2, name="Homonyme")
    report = source(a_pole(members="Homonyme|membre"), a_pole(name="Autre pôle"))
    assert [refusal.line for refusal in report.refused] == [2]
    assert "plusieurs organisations" in report.refused[0].reason
    assert report.poles.created == 1


def test_call_and_network_changed_by_hand_are_left(source):
    with by_hand():
        Call.objects.filter(code="aap-2013").update(announced_laureates=24)
        Network.objects.filter(slug="coorace").update(contact_email="contact@exemple.test")
        Network.objects.get(slug="cress-bretagne").regions.clear()
    report = source(a_pole())
    assert report.calls.left == ["Appel à projets PTCE 2013"]
    assert len(report.networks.left) == 2
    assert Call.objects.get(code="aap-2013").announced_laureates == 24


def test_application_changed_by_an_officer_is_left(source):
    row = a_pole(calls="AAP 2015|candidat|;AAP 2013|candidat|")
    source(row)
    with by_hand():
        Application.objects.filter(pole=the_pole(), call__code="aap-2015").update(decision="refuse")
    source(a_pole(calls="AAP 2013|lauréat|"))
    found = dict(the_pole().applications.values_list("call__code", "decision"))
    assert found == {"aap-2015": "refuse", "aap-2013": "laureat"}


def test_history_names_the_command(source):
    source(a_pole())
    event = Pole.pgh_event_model.objects.filter(name="Pôle d’essai").latest("pgh_id")
    assert event.pgh_context.metadata == {"command": "load_registry"}


def test_homonyms_of_two_regions_are_two_poles(source):
    rows = (a_pole(), a_pole(region="Normandie"))
    assert source(*rows).poles.created == 2
    slugs = Pole.objects.filter(name="Pôle d’essai").values_list("slug", flat=True)
    assert sorted(slugs) == ["pole-d-essai", "pole-d-essai-2"]
    again = source(*rows)
    assert (again.poles.unchanged, again.poles.created) == (2, 0)
    assert source(*reversed(rows)).poles.unchanged == 2


def test_homonym_of_no_known_place_is_not_taken_for_the_other(source):
    rows = (a_pole(region=""), a_pole(acronym="PE"))
    source(*rows)
    assert source(*reversed(rows)).poles.unchanged == 2
