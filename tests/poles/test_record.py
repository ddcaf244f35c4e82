"""A record as plain values: read, compared, and written over what others wrote meanwhile."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from poles.models import Maturity, Pole, Pooled
from poles.record import (
    COLLECTIONS,
    FIELDS,
    SECTIONS,
    Change,
    Conflicted,
    between,
    current_values,
    together,
    write,
)
from poles.record.changes import sort_out
from tests.breaking import run, undone
from tests.breaking import with_database as with_any_database
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleFactory,
    PoleFiguresFactory,
    PoleProjectFactory,
    PoleSourceFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

with_database = settings(with_any_database, max_examples=25)

# What is drawn names rows by their rank; the test makes the rows and translates.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
words = texts.filter(str.strip)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(str)
ranks = st.sets(st.integers(0, 2)).map(sorted)
decimals = st.decimals(-90, 90, places=5).map(lambda d: format(d.normalize(), "f"))


def optional(values: Any) -> Any:
    return st.none() | values


@st.composite
def coherent(draw: Any) -> dict[str, Any]:
    """The fields of a record that keep to the rules of the database."""
    placed = draw(st.booleans())
    named = draw(st.booleans())
    rural = draw(optional(st.booleans()))
    founded = draw(optional(st.integers(1990, 2020)))
    return {
        "name": draw(words),
        "acronym": draw(texts),
        "summary": draw(texts),
        "description": draw(texts),
        "themes": draw(ranks),
        "website": draw(st.sampled_from(["", "https://exemple.invalid/", "http://exemple.fr/a"])),
        "seat": draw(optional(st.integers(0, 2))),
        "latitude": draw(decimals) if placed else None,
        "longitude": draw(decimals) if placed else None,
        "position_origin": draw(st.sampled_from(["main", "geocodage"])) if placed else "",
        "geocoding_score": draw(optional(st.floats(0, 1))),
        "coverage": draw(ranks),
        "coverage_words": draw(texts),
        "maturity": draw(st.sampled_from(Maturity.values)),
        "maturity_year": draw(optional(st.integers(1990, 2026))),
        "founding_year": founded,
        "closed_on": draw(optional(st.dates(date(2021, 1, 1)).map(str))),
        "contact_name": draw(words) if named else "",
        "contact_consent_on": draw(days) if named else draw(optional(days)),
        "rural_area": rural,
        "rural_basis": draw(texts) if rural is None else draw(words),
        "rural_on": draw(optional(days)) if rural is None else draw(days),
        "networks": draw(ranks),
        "members_confirmed_on": draw(optional(days)),
    }


class Rows:
    """What the drawn ranks stand for."""

    def __init__(self) -> None:
        self.by_key = {
            "themes": [each.pk for each in ThemeFactory.create_batch(3)],
            "seat": [each.pk for each in CommuneFactory.create_batch(3)],
            "networks": [each.pk for each in NetworkFactory.create_batch(3)],
        }
        self.by_key["coverage"] = self.by_key["seat"]

    def named(self, values: dict[str, Any]) -> dict[str, Any]:
        return {key: self._named(key, value) for key, value in values.items()}

    def _named(self, key: str, value: Any) -> Any:
        if key not in self.by_key or value is None:
            return value
        rows = self.by_key[key]
        return [rows[rank] for rank in value] if isinstance(value, list) else rows[value]


def fields_of(pole: Pole) -> dict[str, Any]:
    return current_values(Pole.objects.get(pk=pole.pk), collections=())


def rows_of(pole: Pole, name: str) -> dict[str, Any]:
    return current_values(Pole.objects.get(pk=pole.pk), (), [name])


@with_database
@given(first=coherent(), second=coherent(), kept=st.sets(st.sampled_from(sorted(FIELDS))))
def test_what_is_written_is_what_was_wished_and_the_rest_stays(
    first: dict[str, Any], second: dict[str, Any], kept: set[str]
) -> None:
    with undone():
        rows, pole = Rows(), PoleFactory()
        for wished in (first, second):
            before = fields_of(pole)
            after = before | rows.named(wished)
            write(pole, between(before, after))
            assert fields_of(pole) == after
        changes = [change for change in between(after, before) if change.key not in kept]
        try:
            write(pole, changes)
        except ValidationError:
            # Half of a position, say, is against the rules; then nothing is written.
            assert fields_of(pole) == after
        else:
            assert fields_of(pole) == before | {key: after[key] for key in kept}


@with_database
@given(values=coherent())
def test_values_survive_json(values: dict[str, Any]) -> None:
    with undone():
        rows, pole = Rows(), PoleFactory()
        write(pole, between(fields_of(pole), fields_of(pole) | rows.named(values)))
        read = fields_of(pole)
        assert json.loads(json.dumps(read)) == read
        version = Pole.objects.get(pk=pole.pk).version
        write(pole, [Change(key, value, value) for key, value in read.items()])
        assert Pole.objects.get(pk=pole.pk).version == version


values = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2) | st.none())


@given(read=values, saved=values, wished=values)
def test_a_conflict_is_what_both_changed_to_different_things(
    read: dict[str, Any], saved: dict[str, Any], wished: dict[str, Any]
) -> None:
    changes = between(read, wished)
    to_write, conflicts = sort_out(changes, saved)
    for key in "abcd":
        mine = read.get(key) != wished.get(key)
        theirs = read.get(key) != saved.get(key)
        differ = saved.get(key) != wished.get(key)
        assert (key in {c.change.key for c in conflicts}) == (mine and theirs and differ)
        assert (key in {c.key for c in to_write}) == (mine and not theirs)


@with_database
@given(read=coherent(), saved=coherent(), wished=coherent())
def test_nothing_is_written_over_what_another_wrote(
    read: dict[str, Any], saved: dict[str, Any], wished: dict[str, Any]
) -> None:
    with undone():
        rows, pole = Rows(), PoleFactory()
        of = {
            name: fields_of(pole) | rows.named(drawn)
            for name, drawn in (("read", read), ("saved", saved), ("wished", wished))
        }
        write(pole, between(fields_of(pole), of["read"]))
        write(pole, between(of["read"], of["saved"]))
        crossed = {
            key
            for key in FIELDS
            if of["read"][key] not in (of["saved"][key], of["wished"][key])
            and of["saved"][key] != of["wished"][key]
        }
        changes = between(of["read"], of["wished"])
        if crossed:
            with pytest.raises(Conflicted) as caught:
                write(pole, changes)
            assert {conflict.change.key for conflict in caught.value.conflicts} == crossed
            assert fields_of(pole) == of["saved"]


def test_half_of_a_position_is_never_mixed_with_another() -> None:
    pole = PoleFactory(latitude="45", longitude="5", position_origin="main")
    read = fields_of(pole)
    write(pole, between(read, read | {"longitude": "6"}))
    moved_north = read | {"latitude": "46"}
    changes = together(between(read, moved_north), read, moved_north)
    with pytest.raises(Conflicted) as caught:
        write(pole, changes)
    assert [conflict.change.key for conflict in caught.value.conflicts] == ["longitude"]
    assert fields_of(pole)["latitude"] == "45"


def test_a_group_that_nobody_touched_says_nothing() -> None:
    read = fields_of(PoleFactory())
    wished = read | {"summary": "Autre"}
    assert together(between(read, wished), read, wished) == [Change("summary", "", "Autre")]


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


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("seat", 999_999_999, "seat"),
        ("latitude", "nord", "latitude"),
        ("closed_on", "hier", "closed_on"),
        ("contact_email", "pas une adresse", "contact_email"),
        ("name", "", "name"),
        ("summary", "x" * 401, "summary"),
        ("themes", [999_999_999], "__all__"),
    ],
)
def test_what_a_rule_refuses_is_told_where_it_is(key: str, value: Any, where: str) -> None:
    pole = PoleFactory()
    read = fields_of(pole)
    with pytest.raises(ValidationError) as caught:
        write(pole, [Change(key, read[key], value)])
    told = caught.value.message_dict if hasattr(caught.value, "error_dict") else {"__all__": []}
    assert where in told
    assert fields_of(pole) == read


def test_every_section_names_fields_that_exist() -> None:
    named = [name for section in SECTIONS.values() for name in section.fields]
    assert len(named) == len(set(named))
    assert set(named) <= set(FIELDS)
    assert {section.rows for section in SECTIONS.values() if section.rows} == set(COLLECTIONS)
