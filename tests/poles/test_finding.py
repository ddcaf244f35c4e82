"""Poles that are likely the one that somebody names."""

import pytest

from poles.finding import likely_poles
from tests.factories import CommuneFactory, PoleFactory

pytestmark = pytest.mark.django_db


def names(name: str, *args: object, **more: bool) -> list[str]:
    return [each.pole.name for each in likely_poles(name, *args, **more)]


@pytest.mark.parametrize(
    "typed",
    [
        "Les Jardins de Kerbihan",
        "jardins kerbihan",
        "PTCE Jardins de Kerbihan",
        "Pôle territorial de coopération économique des Jardins de Kerbihan",
        "Les jardin de Kerbian",
        "JDKB",
    ],
)
def test_the_same_in_other_words(typed: str) -> None:
    PoleFactory(name="PTCE Les Jardins de Kerbihan", acronym="JDKB", published=True)
    assert names(typed, published_only=True)[0] == "PTCE Les Jardins de Kerbihan"


@pytest.mark.parametrize("typed", ["PTCE du Xzqvwk", "Pôle", "", "\u0301", "x" * 400, "%_'\\"])
def test_a_pole_is_not_another_for_being_a_pole(typed: str) -> None:
    PoleFactory(name="PTCE Les Jardins de Kerbihan", published=True)
    assert "PTCE Les Jardins de Kerbihan" not in names(typed)


def test_drafts_are_for_those_who_keep_them_and_archives_for_nobody() -> None:
    PoleFactory(name="Kerbihan un")
    PoleFactory(name="Kerbihan deux", record_state="archive", archive_reason="Doublon")
    assert names("Kerbihan un", published_only=True) == []
    assert names("Kerbihan un") == ["Kerbihan un"]


def test_the_nearer_comes_first() -> None:
    here, there = CommuneFactory(), CommuneFactory()
    far = PoleFactory(name="Kerbihan", seat=there, published=True)
    near = PoleFactory(name="Kerbihan", seat=here, published=True)
    assert [each.pole for each in likely_poles("Kerbihan", here)] == [near, far]
