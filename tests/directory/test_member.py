"""The page of an organisation that is in a pole."""

from datetime import date

import pytest
from django.test import Client

from tests.directory.records import MAX_STATEMENTS, read, statements
from tests.factories import (
    ApplicationFactory,
    FactEvidenceFactory,
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    valid_siren,
)

pytestmark = pytest.mark.django_db


def test_real_member(client: Client) -> None:
    words = read(client, "/membres/appui/")
    assert "Resto Passerelle" in words
    assert "Structure porteuse, depuis une date inconnue" in words
    assert "SIREN non renseigné" in words


def test_poles_with_role_and_period(client: Client) -> None:
    organisation = OrganisationFactory(
        name="Org", slug="org", kind="association", acronym="O", siren=valid_siren(99000001)
    )
    pole = PoleFactory(name="Premier pôle", published=True)
    MembershipFactory(
        pole=pole,
        organisation=organisation,
        begins_on=date(2015, 1, 1),
        ends_on=date(2018, 12, 31),
    )
    MembershipFactory(
        pole=pole, organisation=organisation, role="partenaire", begins_on=date(2019, 5, 12)
    )
    MembershipFactory(organisation=organisation, pole__name="Brouillon secret")
    FactEvidenceFactory(organisation=organisation, origin="annuaire", stated_on=date(2024, 3, 1))
    words = read(client, "/membres/org/")
    assert "Org (O)" in words
    assert "1 pôle " in words
    assert "Membre actif, de 2015 à 2018" in words
    assert "Partenaire, depuis le 12 mai 2019" in words
    assert "Entité de l’ESS Oui" in words
    assert "Organisme de formation déclaré Inconnu" in words
    assert "d’après : annuaire des entreprises, 1er mars 2024" in words
    assert "Brouillon secret" not in words


def test_person_of_a_pole_is_not_its_member(client: Client) -> None:
    organisation = OrganisationFactory(slug="scic")
    PoleFactory(name="Le pôle", published=True, legal_person=organisation)
    words = read(client, "/membres/scic/")
    assert "Personne morale d’un pôle Le pôle" in words
    assert "elle n’en est pas un membre" in words


def test_beneficiary_of_a_call_has_a_page(client: Client) -> None:
    organisation = OrganisationFactory(slug="aidee")
    pole = PoleFactory(published=True)
    ApplicationFactory(pole=pole, beneficiary=organisation, decision="laureat")
    assert "a reçu l’aide d’un appel" in read(client, "/membres/aidee/")


def test_organisation_not_to_be_named_has_no_page(client: Client) -> None:
    organisation = OrganisationFactory(slug="cachee", publication_status="P")
    MembershipFactory(organisation=organisation, pole=PoleFactory(published=True))
    assert client.get("/membres/cachee/").status_code == 404
    organisation.slug = "autre"
    organisation.save()
    assert client.get("/membres/cachee/").status_code == 404


def test_member_of_no_published_pole_has_no_page(client: Client) -> None:
    MembershipFactory(organisation=OrganisationFactory(slug="seule"))
    assert client.get("/membres/seule/").status_code == 404


def test_old_address_leads_to_the_new_one(client: Client) -> None:
    organisation = OrganisationFactory(slug="avant")
    MembershipFactory(organisation=organisation, pole=PoleFactory(published=True))
    organisation.slug = "apres"
    organisation.save()
    response = client.get("/membres/avant/")
    assert (response.status_code, response["Location"]) == (301, "/membres/apres/")


def test_statements_are_few_and_do_not_grow(client: Client) -> None:
    organisation = OrganisationFactory(slug="org")
    MembershipFactory(organisation=organisation, pole=PoleFactory(published=True))
    before = statements(client, "/membres/org/")
    assert before <= MAX_STATEMENTS
    for _ in range(12):
        MembershipFactory(organisation=organisation, pole=PoleFactory(published=True))
        FactEvidenceFactory(organisation=organisation)
    assert statements(client, "/membres/org/") == before
