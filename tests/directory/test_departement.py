"""A département."""

import pytest
from django.test import Client

from catalogue.reference import reference
from territories.models import Territory
from tests.directory.records import MAX_STATEMENTS, read, statements
from tests.factories import PoleFactory, PoleThemeFactory

pytestmark = pytest.mark.django_db


def test_departement_with_poles(client: Client) -> None:
    words = read(client, "/departements/26/")
    assert "Drôme (26)" in words
    assert "Pôle Sud Archer" in words
    assert "Ardèche (07)" in words
    html = client.get("/departements/26/").content.decode()
    assert 'data-query="departement=26"' in html
    assert "http://www.cress-aura.org" in html
    assert '<a class="fr-breadcrumb__link" href="/regions/auvergne-rhone-alpes/">' in html


def test_every_departement_has_a_page(client: Client) -> None:
    for place in reference().departements.values():
        assert client.get(f"/departements/{place.code}/").status_code == 200, place


def test_departement_without_pole(client: Client) -> None:
    words = read(client, "/departements/2A/")
    assert "Aucun pôle du registre n’est situé dans ce département." in words
    assert "Haute-Corse (2B)" in words


def test_overseas_departement_touches_no_other(client: Client) -> None:
    assert "ce département n’en touche pas d’autre" in read(client, "/departements/973/")


def test_code_in_lower_case_leads_to_the_page(client: Client) -> None:
    response = client.get("/departements/2a/")
    assert (response.status_code, response["Location"]) == (301, "/departements/2A/")


@pytest.mark.parametrize("code", ["20", "99", "2C", "975", "é", "%00", "x" * 300])
def test_unknown_departement(client: Client, code: str) -> None:
    assert client.get(f"/departements/{code}/").status_code == 404


def test_statements_are_few_and_do_not_grow(client: Client) -> None:
    seat = Territory.objects.get(kind="commune", code="26281")
    before = statements(client, "/departements/26/")
    assert before <= MAX_STATEMENTS
    for _ in range(30):
        PoleThemeFactory(pole=PoleFactory(published=True, seat=seat))
    assert statements(client, "/departements/26/") == before
