"""An officer reads the State's register beside an organisation, and decides what to take."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import FactEvidence, Organisation
from networks.models import User
from tests.factories import OrganisationFactory, UserFactory, valid_siren
from tests.members.register_server import Register, status

pytestmark = pytest.mark.django_db
SIREN = valid_siren(55_210_055)
OTHER = valid_siren(44_306_184)


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory(officer=True)
    client.force_login(user)
    return user


def page(organisation: Organisation) -> str:
    return reverse("admin:members_organisation_register", args=[organisation.pk])


def test_what_is_certain_is_filled_at_once(
    client: Client, officer: User, server: Register, django_assert_max_num_queries: Any
) -> None:
    organisation = OrganisationFactory(siren=SIREN)
    server.add(SIREN, nom_raison_sociale="ULISSE")
    with django_assert_max_num_queries(12):
        shown = client.get(page(organisation)).content.decode()
    assert "ULISSE" in shown
    assert "une association" in shown
    assert client.post(page(organisation), {"siren": SIREN}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.kind, organisation.is_ess) == ("association", True)


def test_a_proposal_is_accepted_by_a_person(
    client: Client, officer: User, server: Register
) -> None:
    organisation = OrganisationFactory(siren=SIREN)
    server.add(SIREN, nature_juridique="5499")
    shown = client.get(page(organisation)).content.decode()
    assert "(proposé)" in shown
    client.post(page(organisation), {"siren": SIREN, "aspect": "kind"})
    organisation.refresh_from_db()
    assert (organisation.kind, organisation.is_commercial) == ("entreprise", True)
    proof = FactEvidence.objects.get(organisation=organisation, aspect="kind")
    assert (proof.origin, proof.stated_by) == ("agent", officer)
    again = client.post(page(organisation), {"siren": SIREN, "aspect": "kind"})
    assert "plus rien à accepter" in again.content.decode()


def test_a_disagreement_is_told_and_nothing_changes(
    client: Client, officer: User, server: Register
) -> None:
    organisation = OrganisationFactory(siren=SIREN, kind="entreprise")
    server.add(SIREN)
    assert "En désaccord" in client.get(page(organisation)).content.decode()
    client.post(page(organisation), {"siren": SIREN})
    organisation.refresh_from_db()
    assert organisation.kind == "entreprise"


def test_without_a_number_it_is_searched_by_name(
    client: Client, officer: User, server: Register
) -> None:
    organisation = OrganisationFactory(name="Groupe Ulisse")
    server.add(SIREN, nom_complet="GROUPE ULISSE", nom_raison_sociale="GROUPE ULISSE")
    assert SIREN in client.get(page(organisation)).content.decode()
    client.post(page(organisation), {"siren": SIREN})
    organisation.refresh_from_db()
    assert (organisation.siren, organisation.kind) == (SIREN, "association")


def test_a_number_that_is_taken_is_refused(client: Client, officer: User, server: Register) -> None:
    OrganisationFactory(siren=SIREN)
    organisation = OrganisationFactory(name="Groupe Ulisse")
    server.add(SIREN, nom_complet="GROUPE ULISSE")
    told = client.post(page(organisation), {"siren": SIREN}).content.decode()
    assert "Une organisation porte déjà ce SIREN." in told


def test_when_it_is_down_the_page_says_so(client: Client, officer: User, server: Register) -> None:
    organisation = OrganisationFactory(siren=SIREN)
    server.replies += [status(504), status(429, Retry_After="9")]
    assert "ne répond pas" in client.get(page(organisation)).content.decode()
    told = client.post(page(organisation), {"siren": SIREN}).content.decode()
    assert "très demandé" in told
    assert client.get(page(Organisation(pk=0))).status_code == 404


def test_network_staff_do_not_reach_it(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get(page(OrganisationFactory())).status_code == 302
