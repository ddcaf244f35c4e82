"""A record as plain values: read, compared, and written over what others wrote meanwhile."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from poles.models import Maturity, Pole
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
from tests.breaking import undone
from tests.breaking import with_database as with_any_database
from tests.factories import (
    CommuneFactory,
    NetworkFactory,
    PoleFactory,
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
