"""The régions: all of them, and each one."""

import pytest
from django.test import Client

from catalogue.models import PoleIndex
from catalogue.reference import reference
from directory.content.neighbours import (
    neighbouring_departements,
    neighbouring_regions,
)
from poles.models import Pole
from territories.models import Territory
from tests.directory.records import MAX_STATEMENTS, context_of, read, statements
from tests.factories import PoleFactory, PoleThemeFactory

pytestmark = pytest.mark.django_db


def test_every_region_is_listed_with_its_number(client: Client) -> None:
    words = read(client, "/regions/")
    assert "84 pôles dans le registre" in words
    assert "Corse 0 0 0" in words
    assert "Pays de la Loire 11 3 0" in words
    assert "Ensemble 84 45 0" in words
    assert "Aucun nombre de pôles annoncé région par région n’est connu" in words


def test_pole_without_region_is_counted_apart(client: Client) -> None:
    PoleFactory(published=True)
    words = read(client, "/regions/")
    assert "Région non renseignée 1 0 0" in words
    assert "Ensemble 85 45 0" in words


def test_every_region_has_a_clean_page(client: Client) -> None:
    for place in reference().regions.values():
        words = read(client, f"/regions/{place.slug}/")
        assert place.name in words
        assert "aucun nombre annoncé connu" in words


def test_region_with_poles(client: Client) -> None:
    response = client.get("/regions/auvergne-rhone-alpes/")
    context = response.context
    total = PoleIndex.objects.filter(region="84").count()
    assert context["summary"].total == total == len(context["cards"])
    assert sum(count for _, count in context["departements"]) + context["without_departement"] == (
        total
    )
    assert sum(each.count for each in context["maturities"]) == total
    html = response.content.decode()
    assert 'data-query="region=84"' in html
    assert 'data-region="84"' in html
    assert "http://www.cress-aura.org" in html
    assert "/regions/occitanie/" in html


def test_numbers_are_those_of_the_list(client: Client) -> None:
    context = context_of(client, "/regions/auvergne-rhone-alpes/")
    counted = [*context["maturities"], *context["themes"]]
    counted += [each for each in context["missing"] if each.query]
    assert counted
    for each in counted:
        listed = context_of(client, f"/poles/?{each.query}")["total"]
        assert listed == each.count, each


def test_what_is_missing_is_counted(client: Client) -> None:
    region = Territory.objects.get(kind="region", code="94")
    PoleFactory(published=True, seat=region)
    words = read(client, "/regions/corse/")
    for said in (
        "Sur 1 pôle :",
        "1 sans commune connue",
        "1 sans thème",
        "1 sans année de création",
        "1 sans site internet",
        "1 sans aucun membre actif connu",
        "1 dont la fiche n’est pas confirmée",
    ):
        assert said in words, said


def test_region_without_pole(client: Client) -> None:
    words = read(client, "/regions/corse/")
    assert "Aucun pôle du registre n’est situé dans cette région." in words
    assert "aucune coordonnée connue du registre" in words
    assert "cette région n’en touche pas d’autre" in words
    assert "Ce qui manque ici" not in words


def test_guyane_has_no_known_chamber_and_none_is_invented(client: Client) -> None:
    words = read(client, "/regions/guyane/")
    assert "ne connaît pas de chambre régionale de l’ESS dans cette région" in words
    assert "Les réseaux nationaux" in words
    assert "ne connaît pas de chambre" not in read(client, "/regions/mayotte/")


def test_draft_is_not_counted(client: Client) -> None:
    PoleFactory(seat=Territory.objects.get(kind="region", code="94"))
    assert "Aucun pôle du registre" in read(client, "/regions/corse/")


def test_first_cards_and_the_way_to_the_others(client: Client) -> None:
    seat = Territory.objects.get(kind="commune", code="2A004")
    PoleFactory.create_batch(25, published=True, seat=seat)
    response = client.get("/regions/corse/")
    assert len(response.context["cards"]) == 20
    assert "Voir les 25 pôles en liste" in response.content.decode()


def test_unknown_region(client: Client) -> None:
    assert client.get("/regions/aquitaine/").status_code == 404


def test_borders_are_mutual() -> None:
    departements = reference().departements
    for code in departements:
        for other in neighbouring_departements(code):
            assert other in departements
            assert code in neighbouring_departements(other), (code, other)
    regions = reference().regions
    for code in regions:
        for other in neighbouring_regions(code, departements):
            assert code in neighbouring_regions(other, departements)


def test_known_neighbours() -> None:
    departements = reference().departements
    assert neighbouring_regions("11", departements) == ["24", "27", "28", "32", "44"]
    assert neighbouring_regions("53", departements) == ["28", "52"]
    assert neighbouring_regions("94", departements) == []
    assert neighbouring_regions("03", departements) == []


@pytest.mark.parametrize("address", ["/regions/", "/regions/bretagne/", "/regions/corse/"])
def test_statements_are_few_and_do_not_grow(client: Client, address: str) -> None:
    seat = Territory.objects.get(kind="commune", code="56260")
    before = statements(client, address)
    assert before <= MAX_STATEMENTS
    for _ in range(30):
        PoleThemeFactory(pole=PoleFactory(published=True, seat=seat))
    assert Pole.objects.published().count() > 100
    assert statements(client, address) == before
