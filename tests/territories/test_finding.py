"""What somebody types of a territory, and which ones they may mean."""

from typing import Any

import pytest

from territories.finding import begin_with, meant
from territories.models import Territory, TerritoryKind
from tests.factories import CommuneFactory, EpciFactory, FormerCommuneFactory

pytestmark = pytest.mark.django_db

ALL = list(TerritoryKind)
COMMUNE = [TerritoryKind.COMMUNE]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Occitanie", "Occitanie"),
        ("hérault", "Hérault (34)"),
        ("vannes", "Vannes (56)"),
        ("Saint-Denis (974)", "Saint-Denis (974)"),
        ("st denis (93)", "Saint-Denis (93)"),
        ("56000", "Vannes (56)"),
    ],
)
def test_what_is_meant_without_a_choice(typed: str, found: str) -> None:
    territory = meant(typed, ALL).territory
    assert territory is not None
    assert territory.label == found


@pytest.mark.parametrize(
    ("typed", "one_of"),
    [
        ("Saint-Denis", ["Saint-Denis (93)", "Saint-Denis (974)"]),
        # The département and the région, one of which is the other's.
        ("la réunion", ["La Réunion", "La Réunion (974)"]),
        ("Vanes", ["Vannes (56)"]),
        ("Bretagne", ["Bretagne", "Bretagne (36)"]),
    ],
)
def test_what_is_to_be_chosen(typed: str, one_of: list[str]) -> None:
    found = meant(typed, ALL)
    assert found.territory is None
    assert set(one_of) <= {territory.label for territory in found.among}


@pytest.mark.parametrize("typed", ["", "  ", "…", "zzzzzzzz introuvable"])
def test_nothing_is_meant(typed: str) -> None:
    found = meant(typed, ALL)
    assert (found.territory, list(found.among)) == (None, [])


def test_only_the_kinds_that_are_asked_for() -> None:
    assert meant("Bretagne", COMMUNE).territory is None
    epci = EpciFactory(name="Communauté de l’essai")
    assert meant("communauté de l’essai", ALL).territory == epci
    assert meant("communauté de l’essai", COMMUNE).territory is None


def test_old_names_lead_to_the_commune_of_today() -> None:
    commune = CommuneFactory(name="Neuville d’essai")
    FormerCommuneFactory(name="Vieilleville d’essai", commune=commune)
    assert meant("vieilleville d'essai", ALL).territory == commune
    assert begin_with("vieilleville d", "vieilleville d", COMMUNE, 5) == [commune]


def test_statements(django_assert_max_num_queries: Any) -> None:
    assert Territory.objects.exists()
    for typed in ("Saint-Denis", "zzzz introuvable"):
        with django_assert_max_num_queries(6):
            meant(typed, ALL)
