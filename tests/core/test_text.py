"""The two twins of the normalisation, in Python and in the database, never disagree."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import normalise
from territories.models import Territory

FRENCH = st.text(alphabet="abcxyzABÉÈÀÇÔÎïœŒæÆ '’-–.,;()/0123456789\t", max_size=60)


def in_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_normalise(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@settings(max_examples=300)
@given(FRENCH)
def test_twins_agree_on_french(text):
    assert normalise(text) == in_database(text)


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert "  " not in once


@given(FRENCH)
def test_case_never_matters(text):
    assert normalise(text.upper()) == normalise(text.lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saint-Étienne", "saint etienne"),
        ("St Étienne", "saint etienne"),
        ("STE-MARIE", "sainte marie"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Cœur d’Essonne", "coeur d essonne"),
        ("Est", "est"),
    ],
)
def test_examples(text, expected):
    assert normalise(text) == expected


@pytest.mark.django_db
def test_twins_agree_on_every_territory():
    wrong = [
        (name, stored)
        for name, stored in Territory.objects.order_by("id").values_list("name", "normalised_name")
        if normalise(name) != stored
    ]
    assert wrong == []
