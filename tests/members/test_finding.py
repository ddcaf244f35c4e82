"""Organisations that are likely to be the one that somebody names."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.finding import Wanted, find, likely_doubles, number_in
from tests.breaking import with_database
from tests.factories import OrganisationFactory, valid_siren, valid_siret

pytestmark = pytest.mark.django_db

TYPED = st.one_of(
    st.text(max_size=40),
    st.text("aéÉ %_'\\\"()-<>&;0123456789\u00a0", max_size=30),
    st.sampled_from(["les jardins", "l'atelier", "552 100 554", "%", "\\", "st-étienne", "é"]),
)


def names(found) -> list[str]:
    return [each.name for each in found]


@pytest.fixture
def gardens():
    return OrganisationFactory(
        name="Les Jardins du Gué Vieux", acronym="JGV", siren=valid_siren(99_123_456)
    )


@pytest.mark.parametrize(
    "typed",
    ["jardins du gue", "JARDINS GUÉ", "gué jard", "jgv", "Jardin du Gué Vieu", "les jardins du"],
)
def test_an_organisation_is_found_by_what_one_types_of_it(gardens, typed) -> None:
    assert gardens.name in names(find(typed))


def test_a_number_finds_the_organisation_that_bears_it_first(gardens) -> None:
    OrganisationFactory(name=f"Club {gardens.siren}")
    spaced = f"{gardens.siren[:3]} {gardens.siren[3:6]}\u00a0{gardens.siren[6:]}"
    for typed in (gardens.siren, spaced, valid_siret(gardens.siren)):
        assert names(find(typed))[0] == gardens.name


def test_the_exact_name_comes_before_what_contains_it() -> None:
    OrganisationFactory(name="Association des amis du Moulin d’Essai Bleu")
    OrganisationFactory(name="Moulin d’Essai Bleu")
    assert names(find("moulin d'essai bleu"))[0] == "Moulin d’Essai Bleu"


def test_what_is_too_short_finds_nothing() -> None:
    assert find("") == find("é") == find(" - ") == []


@with_database
@example(typed="\x00")
@given(typed=TYPED)
def test_whatever_is_typed_is_no_error(db, typed) -> None:
    assert len(find(typed, most=5)) <= 5
    assert len(likely_doubles([Wanted(typed, number_in(typed))])) == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("LES JARDINS DU GUE VIEUX", "même nom"),
        ("Association Les Jardins du Gué-Vieux", "même nom"),
        ("Les Jardins du Gué Vieux (JGV)", "même nom"),
        ("jgv", "même sigle"),
        ("Jardins du Gué Vieux", "nom proche"),
        ("Les jardin du gué vieux", "nom proche"),
        ("SCIC Les Jardins du Gué Vieux de l’Isère", "nom proche"),
    ],
)
def test_a_probable_double_is_told_with_its_reason(gardens, typed, why) -> None:
    found = likely_doubles([Wanted(typed)])[0]
    assert [(each.organisation, each.why) for each in found][:1] == [(gardens, why)]


def test_the_same_number_wins_over_the_same_name(gardens) -> None:
    other = OrganisationFactory(name="Tout autre nom", siren=valid_siren(99_123_457))
    found = likely_doubles([Wanted(gardens.name, other.siren)])[0]
    assert [(each.organisation, each.why) for each in found] == [
        (other, "même SIREN"),
        (gardens, "même nom"),
    ]


def test_an_organisation_unlike_any_other_has_no_double(gardens) -> None:
    assert likely_doubles([Wanted("Zythologues réunis de Quimperlé")]) == [[]]


def test_doubles_of_many_are_looked_for_at_once(gardens, django_assert_num_queries) -> None:
    wanted = [Wanted(f"Zzyx numéro {n} de nulle part") for n in range(100)]
    with django_assert_num_queries(2):
        found = likely_doubles([*wanted, Wanted(gardens.name)])
    assert len(found) == 101
    assert found[-1][0].organisation == gardens
    assert likely_doubles([]) == []
