"""What a person means is found, typing errors included, the best first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.excerpts import excerpts
from catalogue.models import Word
from catalogue.refreshing import refresh_everything
from catalogue.search import Found, find
from members.models import Organisation, PublicationStatus
from poles.models import Pole, PoleCoverage
from territories.models import Territory

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    ids = find(typed).ids
    names = dict(Pole.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [names[each] for each in ids]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pole sud archers", "Pôle Sud Archer"),
        ("Pole Sud Archer", "Pôle Sud Archer"),
        ("ecopole audruicq", "Écopôle alimentaire de la région d'Audruicq"),
        ("alimentaton durable", "Écopôle alimentaire de la région d'Audruicq"),
        ("archr", "Pôle Sud Archer"),
        ("domtherm", "Pôle Alpen"),
        ("precarite energetique grenoble", "Pôle Alpen"),
        (
            "tetris",
            "TETRIS (Transition écologique territoriale par la recherche et l'innovation sociale)",
        ),
        ("ecossol", "Les Écossolies"),
        ("écossolies nantes", "Les Écossolies"),
    ],
)
def test_finds_what_is_meant(typed, first):
    assert first in found(typed)[:2]


@pytest.mark.parametrize("typed", ["zéphyrine", "zephirine"])
def test_among_equals_the_nearest_name_is_first(typed):
    first, second = Pole.objects.published().order_by("id")[:2]
    long, short = "Zéphyrine et les ateliers réunis du grand levant", "Zut Zéphyrine"
    Pole.objects.filter(pk=first.pk).update(name=long)
    Pole.objects.filter(pk=second.pk).update(name=short)
    assert found(typed) == [short, long]


def test_place_is_found_under_its_short_name():
    saint = Territory.objects.get(kind="commune", code="42218")
    pole = Pole.objects.get(slug="pole-alpen")
    PoleCoverage.objects.create(pole=pole, territory=saint)
    assert found("st etienne")[0] == "Pôle Alpen"
    assert found("Saint-Étienne")[0] == "Pôle Alpen"


def test_plural_and_accent_change_nothing():
    for one, other in [
        ("entreprise", "entreprises"),
        ("énergie", "energie"),
        ("déchet", "déchets"),
    ]:
        assert set(find(one).ids) == set(find(other).ids) != set()


def test_each_letter_typed_keeps_the_pole():
    for length in range(3, len("romans-sur-isère") + 1):
        assert "Pôle Sud Archer" in found("romans-sur-isère"[:length])


def test_renamed_member_is_found_by_its_new_name_and_no_more_by_the_old():
    Organisation.objects.filter(name="Domtherm").update(name="Chaleur Partagée")
    assert "Pôle Alpen" in found("chaleur partagée")
    assert "Pôle Alpen" not in found("domtherm")


def test_word_that_no_pole_holds_any_more_is_forgotten_in_time():
    Organisation.objects.filter(name="Domtherm").update(name="Chaleur Partagée")
    assert Word.objects.filter(word="domtherm").exists()
    assert found("domtherme") == []
    refresh_everything()
    assert not Word.objects.filter(word="domtherm").exists()
    assert Word.objects.filter(word="partagee").exists()


def test_masked_member_is_not_searchable():
    Organisation.objects.filter(name="Domtherm").update(
        publication_status=PublicationStatus.PARTIAL
    )
    assert "Pôle Alpen" not in found("domtherm")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_anything_may_be_typed(typed):
    find(typed)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=30),
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=60
    ),
)
def test_excerpts_escape_everything_but_the_marks(typed, text):
    pole = Pole.objects.get(slug="pole-alpen")
    Pole.objects.filter(pk=pole.pk).update(name=text, summary=text)
    for forgiven in (False, True):
        for answering in excerpts(typed, Found([pole.pk], forgiven), [pole.pk]).values():
            for marked in filter(None, [answering.name, *(e.text for e in answering.excerpts)]):
                bare = marked.replace("<mark>", "").replace("</mark>", "")
                assert "<" not in bare
                assert ">" not in bare


def why(typed: str, slug: str) -> dict[str, str]:
    """By what the pole answers: the kind of text, and the text with its marks."""
    pole = Pole.objects.get(slug=slug)
    answering = excerpts(typed, find(typed), [pole.pk])[pole.pk]
    named = {"nom": str(answering.name)} if answering.name else {}
    return named | {each.what: str(each.text) for each in answering.excerpts}


@pytest.mark.parametrize(
    ("typed", "what", "marked"),
    [
        ("alpen", "nom", "Pôle <mark>Alpen</mark>"),
        ("ulis", "membre", "Groupe <mark>Ulisse</mark>"),
        ("energetiques", "thème", "Transition <mark>énergétique</mark>"),
        ("grenobl", "siège", "<mark>Grenoble</mark>, Isère, Auvergne-Rhône-Alpes"),
        ("domterm", "membre", "<mark>Domtherm</mark>"),
    ],
)
def test_a_result_says_by_what_it_was_found(typed, what, marked):
    assert why(typed, "pole-alpen")[what] == marked


def test_a_masked_member_is_no_reason():
    pole = Pole.objects.get(slug="pole-alpen")
    found = Found([pole.pk], forgiven=False)
    assert excerpts("domtherm", found, [pole.pk])
    Organisation.objects.filter(name="Domtherm").update(
        publication_status=PublicationStatus.PARTIAL
    )
    assert excerpts("domtherm", found, [pole.pk]) == {}
