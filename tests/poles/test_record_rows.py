"""The rows of a record as plain values: they come, change, go, and exchange their periods."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poles.models import Pole, Pooled
from poles.record import COLLECTIONS, Change, Conflicted, between, current_values, write
from poles.record.writing import GONE
from tests.breaking import run, undone
from tests.breaking import with_database as with_any_database
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleProjectFactory,
    PoleSourceFactory,
)

pytestmark = pytest.mark.django_db

with_database = settings(with_any_database, max_examples=25)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
words = texts.filter(str.strip)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(str)


def optional(values: Any) -> Any:
    return st.none() | values


def rows_of(pole: Pole, name: str) -> dict[str, Any]:
    return current_values(Pole.objects.get(pk=pole.pk), (), [name])


periods = st.lists(st.integers(0, 9), min_size=4, max_size=4, unique=True).map(sorted)


@with_database
@given(days_of=periods, exchanged=st.booleans(), role=st.sampled_from(["porteur", "actif"]))
def test_members_come_change_and_go(days_of: list[int], exchanged: bool, role: str) -> None:
    """Two leads, or two periods of one member, exchange their places in one save."""
    with undone():
        pole, one = PoleFactory(), OrganisationFactory()
        other = OrganisationFactory() if role == "porteur" else one
        day = [str(date(2020, 1, 1) + timedelta(days=number)) for number in days_of]
        first = {
            "organisation": one.pk,
            "role": role,
            "begins_on": day[0],
            "ends_on": day[1],
            "source_words": "",
        }
        second = first | {"organisation": other.pk, "begins_on": day[2], "ends_on": day[3]}
        write(pole, [Change("members/+1", None, first), Change("members/+2", None, second)])
        read = rows_of(pole, "members")
        assert list(read.values()) == [first, second]
        (key, _), (last, _) = read.items()
        if exchanged:
            after = {
                key: first | {"begins_on": day[2], "ends_on": day[3]},
                last: second | {"begins_on": day[0], "ends_on": day[1]},
            }
        else:
            third = first | {"begins_on": day[1]}
            write(pole, between(read, {key: None, last: read[last], "members/+1": third}))
            assert sorted(map(str, rows_of(pole, "members").values())) == sorted(
                map(str, [second, third])
            )
            return
        # As at the beginning of a transaction.
        run("SET CONSTRAINTS ALL IMMEDIATE")
        write(pole, between(read, after))
        assert rows_of(pole, "members") == after


def test_periods_that_overlap_are_refused_in_words() -> None:
    member = MembershipFactory()
    row = rows_of(member.pole, "members")[f"members/{member.pk}"]
    with pytest.raises(ValidationError, match="participe déjà au pôle pendant cette période"):
        write(member.pole, [Change("members/+1", None, row)])


projects = st.fixed_dictionaries(
    {
        "title": words,
        "description": texts,
        "pooled": st.lists(st.sampled_from(Pooled.values), unique=True),
        "members": st.just([]),
        "begins_on": st.none(),
        "ends_on": optional(days),
        "state": st.sampled_from(["", "prevu", "en-cours"]),
    }
)
figures = st.fixed_dictionaries(
    {
        "jobs_fte": optional(st.sampled_from(["0", "12", "12.5"])),
        "jobs_fte_public": st.booleans(),
        "turnover_eur": optional(st.sampled_from(["100", "99999999.99"])),
        "turnover_eur_public": st.booleans(),
        "members": optional(st.integers(0, 500)),
        "source": texts,
    }
)


@with_database
@given(drawn=st.lists(projects, max_size=3), last=projects)
def test_projects_come_change_and_go(drawn: list[dict[str, Any]], last: dict[str, Any]) -> None:
    with undone():
        pole, member = PoleFactory(), OrganisationFactory()
        write(pole, [Change(f"projects/+{n}", None, each) for n, each in enumerate(drawn)])
        read = rows_of(pole, "projects")
        assert [*read.values()] == drawn
        for key in read:
            after = last | {"members": [member.pk]}
            write(pole, [Change(key, read[key], after)])
            assert rows_of(pole, "projects")[key] == after
            write(pole, [Change(key, after, None)])
        assert rows_of(pole, "projects") == {}


@with_database
@given(first=figures, second=figures, year=st.integers(1990, 2100))
def test_figures_are_named_by_their_year(
    first: dict[str, Any], second: dict[str, Any], year: int
) -> None:
    with undone():
        pole, key = PoleFactory(), f"figures/{year}"
        blank = COLLECTIONS["figures"].read(PoleFiguresFactory.build(year=year))
        wished = [blank | drawn | {"year": year} for drawn in (first, second)]
        assume(wished[0] != wished[1])
        write(pole, [Change(key, None, wished[0])])
        assert rows_of(pole, "figures") == {key: wished[0]}
        with pytest.raises(Conflicted):
            write(pole, [Change(key, None, wished[1])])
        write(pole, [Change(key, wished[0], wished[1])])
        assert rows_of(pole, "figures") == {key: wished[1]}


def test_what_was_erased_since_it_was_chosen_is_told_without_its_number() -> None:
    row = {"organisation": 999_999, "role": "actif", "begins_on": None, "ends_on": None}
    with pytest.raises(ValidationError) as refused:
        write(PoleFactory(), [Change("members/+1", None, row | {"source_words": ""})])
    assert refused.value.message_dict == {"members/+1": [GONE]}


def test_sources_come_change_and_go() -> None:
    source = PoleSourceFactory(seen_on=date(2024, 3, 1))
    pole, key = source.pole, f"sources/{source.pk}"
    assert rows_of(pole, "sources") == {key: {"url": source.url, "seen_on": "2024-03-01"}}
    twice = Change("sources/+1", None, {"url": source.url, "seen_on": None})
    with pytest.raises(ValidationError, match="déjà citée"):
        write(pole, [twice])
    write(pole, [Change(key, rows_of(pole, "sources")[key], None), twice])
    assert list(rows_of(pole, "sources").values()) == [twice.after]


def test_what_another_removed_is_not_brought_back_in_silence() -> None:
    project = PoleProjectFactory()
    key = f"projects/{project.pk}"
    read = rows_of(project.pole, "projects")[key]
    project.delete()
    with pytest.raises(Conflicted) as caught:
        write(project.pole, [Change(key, read, read | {"title": "Autre"})])
    assert caught.value.conflicts[0].saved is None
    write(project.pole, [Change(key, read, None)])
