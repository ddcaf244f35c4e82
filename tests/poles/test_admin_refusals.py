"""What another changed meanwhile, and what the database refuses, in the admin of the poles."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from networks.models import User
from poles.models import Membership, Pole
from tests.breaking import run, update
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleFactory,
    UserFactory,
)
from tests.forms import filled
from tests.poles.admin_pages import change, errors, messages, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True, full_name="Une agente d’essai")
    client.force_login(user)
    return user


def test_a_stale_form_is_told_and_nothing_is_lost(client: Client, officer: User) -> None:
    pole = PoleFactory(summary="Au départ", website="https://exemple.invalid/a")
    loaded = filled(client.get(change(pole)))
    other = UserFactory(officer=True, full_name="Un autre agent")
    colleague = Client()
    colleague.force_login(other)
    done = save(
        colleague, pole, summary="De l’autre", website="https://exemple.invalid/b", _why="Un appel"
    )
    assert done.status_code == 302
    response = client.post(change(pole), {**loaded, "summary": "De moi", "acronym": "PDE"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "modifiée pendant votre saisie" in errors(response)
    # Both values of what both changed; who, and why; what was typed stays in its field.
    assert "De l’autre" in page
    assert "Un autre agent" in page
    assert "Un appel" in page
    again = filled(response)
    assert again["summary"] == ["De moi"]
    assert again["acronym"] == ["PDE"]
    # What only the other changed was taken over.
    assert again["website"] == ["https://exemple.invalid/b"]
    assert Pole.objects.get(pk=pole.pk).summary == "De l’autre"
    assert client.post(change(pole), again).status_code == 302
    kept = Pole.objects.get(pk=pole.pk)
    assert (kept.summary, kept.acronym, kept.website) == (
        "De moi",
        "PDE",
        "https://exemple.invalid/b",
    )


def test_every_kind_of_field_is_taken_over(client: Client, officer: User) -> None:
    pole, seat, network = PoleFactory(), CommuneFactory(), NetworkFactory()
    loaded = filled(client.get(change(pole)))
    Pole.objects.filter(pk=pole.pk).update(
        seat=seat,
        reference_network=network,
        maturity="existant",
        founding_year=2012,
        theme_words=["un", "deux, trois"],
        rural_area=True,
        rural_basis="Zonage d’essai",
        rural_on=date(2024, 5, 1),
        latitude="47.5",
        longitude="2.25",
        position_origin="main",
    )
    response = client.post(change(pole), {**loaded, "acronym": "PDE"})
    assert response.status_code == 200
    assert client.post(change(pole), filled(response)).status_code == 302
    kept = Pole.objects.get(pk=pole.pk)
    assert kept.acronym == "PDE"
    assert (kept.seat, kept.reference_network, kept.maturity) == (seat, network, "existant")
    assert (kept.founding_year, kept.theme_words) == (2012, ["un", "deux, trois"])
    assert (kept.rural_area, kept.rural_on) == (True, date(2024, 5, 1))
    assert str(kept.latitude) == "47.50000"


def test_a_change_of_members_makes_a_form_stale(client: Client, officer: User) -> None:
    pole = PoleFactory()
    loaded = filled(client.get(change(pole)))
    joined = OrganisationFactory(name="Coopérative arrivée entre-temps")
    MembershipFactory(pole=pole, organisation=joined)
    response = client.post(change(pole), {**loaded, "acronym": "PDE"})
    assert "modifiée pendant votre saisie" in errors(response)
    assert "Coopérative arrivée entre-temps" in response.content.decode()


def test_a_row_changed_on_both_sides_is_shown(client: Client, officer: User) -> None:
    member = MembershipFactory()
    loaded = filled(client.get(change(member.pole)))
    update(member, source_words="écrit par l’autre")
    response = client.post(
        change(member.pole), {**loaded, "memberships-0-source_words": "écrit par moi"}
    )
    shown = [(d.saved, d.typed) for d in response.context["differences"]]
    assert shown == [("écrit par l’autre", "écrit par moi")]


@pytest.mark.parametrize("version", ["", "x", "0", "999"])
def test_a_form_without_its_version_is_stale(client: Client, officer: User, version: str) -> None:
    pole = PoleFactory()
    typed = {**filled(client.get(change(pole))), "loaded_version": version, "acronym": "PDE"}
    assert "modifiée pendant votre saisie" in errors(client.post(change(pole), typed))


def test_the_lead_is_handed_over_in_one_save(client: Client, officer: User) -> None:
    pole = PoleFactory()
    old = MembershipFactory(pole=pole, role="porteur", begins_on=date(2019, 1, 1))
    new = OrganisationFactory()
    done = save(
        client,
        pole,
        **{
            "memberships-TOTAL_FORMS": "2",
            "memberships-0-ends_on": "31/12/2023",
            "memberships-1-organisation": new.pk,
            "memberships-1-role": "porteur",
            "memberships-1-begins_on": "01/01/2024",
            "memberships-1-pole": pole.pk,
        },
    )
    assert done.status_code == 302, messages(done)
    leads = Membership.objects.filter(pole=pole, role="porteur").order_by("begins_on")
    assert [m.organisation for m in leads] == [old.organisation, new]


def test_two_rows_exchange_their_roles(client: Client, officer: User) -> None:
    pole = PoleFactory()
    first = MembershipFactory(pole=pole)
    second = MembershipFactory(pole=pole, role="porteur")
    done = save(client, pole, **{"memberships-0-role": "porteur", "memberships-1-role": "actif"})
    assert done.status_code == 302, messages(done)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.role, second.role) == ("porteur", "actif")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"memberships-1-role": "porteur"}, "déjà une structure porteuse"),
        ({"memberships-1-organisation": "0"}, "participe déjà au pôle"),
        (
            {"memberships-1-begins_on": "02/01/2024", "memberships-1-ends_on": "01/01/2024"},
            "ne peut finir avant",
        ),
    ],
)
def test_wrong_periods_are_told_beside_their_row(
    client: Client, officer: User, typed: dict[str, Any], said: str
) -> None:
    pole = PoleFactory()
    lead = MembershipFactory(pole=pole, role="porteur")
    MembershipFactory(pole=pole)
    if "memberships-1-organisation" in typed:
        typed = {"memberships-1-organisation": lead.organisation_id}
    response = save(client, pole, **typed, acronym="PDE")
    assert response.status_code == 200
    assert said in messages(response)
    assert filled(response)["acronym"] == ["PDE"]


def test_what_a_trigger_refuses_is_told_in_french(client: Client, officer: User) -> None:
    member = MembershipFactory()
    response = save(
        client, member.pole, legal_person=member.organisation_id, acronym="PDE", _why="Essai"
    )
    assert response.status_code == 200
    assert "jamais son propre membre" in errors(response)
    again = filled(response)
    assert again["acronym"] == ["PDE"]
    assert again["_why"] == ["Essai"]
    assert again["legal_person"] == [str(member.organisation_id)]
    assert Pole.objects.get(pk=member.pole_id).legal_person is None


def test_what_is_only_refused_at_the_commit_is_told_too(client: Client, officer: User) -> None:
    run(
        """
        SET ROLE NONE;
        CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'Refusé à la fin.' USING ERRCODE = 'check_violation'; END $$;
        CREATE CONSTRAINT TRIGGER refuse_late AFTER UPDATE ON poles_pole
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.acronym = 'NON')
        EXECUTE FUNCTION pg_temp.refuse();
        GRANT EXECUTE ON FUNCTION pg_temp.refuse() TO PUBLIC;
        RESET ROLE;
        """
    )
    response = save(client, PoleFactory(), acronym="NON")
    assert response.status_code == 200
    assert "Refusé à la fin." in errors(response)


def test_a_rule_of_the_model_is_told(client: Client, officer: User) -> None:
    pole = PoleFactory()
    response = save(client, pole, contact_name="Une personne", record_state="archive")
    assert "avec son accord, daté" in errors(response)
    assert "Un archivage dit son motif" in errors(response)
