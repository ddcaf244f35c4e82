"""The figures of an answer are those that counting by hand gives, whatever is not known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.answers.counting import Facts, count
from calls.answers.facts import Perimeter
from calls.answers.reading import facts_of
from territories.models import Territory
from tests.breaking import undone, with_database
from tests.calls.answers import DAYS, TODAY, World, naive, worlds, written

pytestmark = pytest.mark.django_db


def figures(facts: Facts, perimeter: Perimeter, day: date) -> dict[str, Decimal]:
    return {key: found.value for key, found in count(facts, perimeter, day).items()}


@settings(with_database, max_examples=15)
@given(world=worlds, day=st.sampled_from([*DAYS, TODAY]))
def test_figures_are_those_counted_by_hand(world: World, day: date) -> None:
    with undone():
        rows = written(world)
        region, theme = rows.regions[0].code, rows.themes[0].slug
        asked = [
            (Perimeter(region), lambda pole: pole.region == 0, None),
            (Perimeter(theme=theme), lambda pole: 0 in pole.themes, None),
            (
                Perimeter(region, theme=theme),
                lambda pole: pole.region == 0 and 0 in pole.themes,
                None,
            ),
            (Perimeter(call=rows.calls[0].pk), lambda _: True, 0),
            (Perimeter(call=rows.calls[2].pk), lambda _: True, 2),
            (Perimeter(region, call=rows.calls[1].pk), lambda pole: pole.region == 0, 1),
        ]
        facts = facts_of(day)
        for perimeter, holds, call in asked:
            found = figures(facts, perimeter, day)
            del found["recognised"]
            assert found == naive(world, day, holds, call=call), perimeter


@settings(with_database, max_examples=5)
@given(world=worlds, day=st.sampled_from([*DAYS, TODAY]))
def test_regions_and_what_is_of_none_make_the_country(world: World, day: date) -> None:
    """With the real data beside what is made up."""
    with undone():
        written(world)
        facts = facts_of(day)
        codes = Territory.objects.filter(kind="region").order_by("code")
        parts = [
            count(facts, Perimeter(code), day)
            for code in [*codes.values_list("code", flat=True), ""]
        ]
        for key, whole in count(facts, Perimeter(), day).items():
            assert sum(part[key].value for part in parts) == whole.value, key
