"""Every version of a record can be read again: what the history gives is what was read that day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poles.models import Membership, Pole, PoleNetwork, PoleProject, PoleSource, PoleTheme
from poles.record import Change, current_values, write
from poles.record.versions import NoSuchVersion, values_at, versions_of
from tests.breaking import run, undone, update, with_database
from tests.factories import (
    CommuneFactory,
    MembershipFactory,
    NetworkFactory,
    OrganisationFactory,
    PoleFactory,
    ThemeFactory,
)
from tests.poles.remembering import remembered

pytestmark = pytest.mark.django_db

texts = st.text("abé ’\n", max_size=12)
days = st.none() | st.integers(0, 400).map(lambda n: date(2024, 1, 1) + timedelta(days=n))
few = st.integers(0, 2)


class Record:
    """A pole with what its rows may name, and the values that it had at each of its versions."""

    def __init__(self) -> None:
        self.pole = PoleFactory()
        self.other = PoleFactory()
        self.organisations = OrganisationFactory.create_batch(3)
        self.themes = ThemeFactory.create_batch(3)
        self.networks = NetworkFactory.create_batch(3)
        self.communes = CommuneFactory.create_batch(3)
        self.seen: dict[int, dict[str, Any]] = {}

    def look(self) -> None:
        self.pole = Pole.objects.get(pk=self.pole.pk)
        self.seen[self.pole.version] = remembered(self.pole)

    def write(self, key: str, after: Any) -> None:
        before = current_values(self.pole).get(key)
        write(self.pole, [Change(key, before, after)])


Edit = Callable[[Record], None]


def summary(text: str) -> Edit:
    return lambda record: record.write("summary", text)


def by_sql(text: str, score: float | None) -> Edit:
    def edit(record: Record) -> None:
        run(
            "UPDATE poles_pole SET description = %s, geocoding_score = %s WHERE id = %s",
            text,
            score,
            record.pole.pk,
        )

    return edit


def place(which: int, latitude: float | None) -> Edit:
    def edit(record: Record) -> None:
        there = latitude is not None
        record.pole.latitude, record.pole.longitude = latitude, 2 if there else None
        record.pole.position_origin = "main" if there else ""
        record.pole.seat = record.communes[which]
        record.pole.save()

    return edit


def sets(name: str, rows: str, which: list[int]) -> Edit:
    return lambda record: record.write(name, sorted(getattr(record, rows)[n].pk for n in which))


def link(model: type, column: str, rows: str, which: int) -> Edit:
    """Added if it is not there, and taken away if it is."""

    def edit(record: Record) -> None:
        values = {"pole": record.pole, column: getattr(record, rows)[which]}
        if not model.objects.filter(**values).delete()[0]:
            model.objects.create(**values)

    return edit


def member(which: int, begins: date | None, length: int | None, words: str) -> Edit:
    def edit(record: Record) -> None:
        organisation = record.organisations[which]
        record.pole.memberships.filter(organisation=organisation).delete()
        if length is not None:
            Membership.objects.create(
                pole=record.pole,
                organisation=organisation,
                begins_on=begins,
                ends_on=begins and begins + timedelta(days=length),
                source_words=words,
            )

    return edit


def moves(which: int) -> Edit:
    """To the other pole and back: an update by which a row is no longer of this one."""

    def edit(record: Record) -> None:
        for pole, other in ((record.pole, record.other), (record.other, record.pole)):
            here = pole.memberships.filter(organisation=record.organisations[which])
            if here.update(pole=other):
                return

    return edit


def all_at_once(words: str) -> Edit:
    return lambda record: run(
        "UPDATE poles_membership SET source_words = %s WHERE pole_id = ANY(%s)",
        words,
        [record.pole.pk, record.other.pk],
    )


def project(title: str, which: list[int], pooled: list[str]) -> Edit:
    def edit(record: Record) -> None:
        made = PoleProject.objects.create(pole=record.pole, title=title or "x", pooled=pooled)
        made.members.set(record.organisations[n] for n in which)

    return edit


def project_members(which: list[int]) -> Edit:
    def edit(record: Record) -> None:
        for each in record.pole.projects.order_by("pk")[:1]:
            each.members.set(record.organisations[n] for n in which)

    return edit


def no_project(pole: str) -> Edit:
    return lambda record: getattr(record, pole).projects.all().delete()


def projects_move() -> Edit:
    return lambda record: record.pole.projects.update(pole=record.other)


def figures(year: int, jobs: float | None, turnover: float | None) -> Edit:
    def edit(record: Record) -> None:
        before = current_values(record.pole, (), ("figures",)).get(f"figures/{year}") or {}
        values = {"jobs_fte": jobs, "turnover_eur": turnover, "source": "relevé"}
        after = before | {"year": year} | {k: str(v) if v else None for k, v in values.items()}
        record.write(f"figures/{year}", after | {"source": "relevé"} if jobs else None)

    return edit


def source(n: int, seen: date | None) -> Edit:
    def edit(record: Record) -> None:
        url = f"https://exemple.invalid/{n}"
        PoleSource.objects.update_or_create(pole=record.pole, url=url, defaults={"seen_on": seen})

    return edit


def no_source() -> Edit:
    return lambda record: run("DELETE FROM poles_polesource WHERE pole_id = %s", record.pole.pk)


whichever = st.lists(few, unique=True)
numbers = st.none() | st.decimals(0, 9999, places=1).map(float)
edits = st.one_of(
    st.builds(summary, texts),
    st.builds(by_sql, texts, st.none() | st.floats(0, 1)),
    st.builds(place, few, st.none() | st.decimals(-90, 90, places=5)),
    st.builds(sets, st.just("themes"), st.just("themes"), whichever),
    st.builds(sets, st.just("coverage"), st.just("communes"), whichever),
    st.builds(sets, st.just("networks"), st.just("networks"), whichever),
    st.builds(link, st.just(PoleTheme), st.just("theme"), st.just("themes"), few),
    st.builds(link, st.just(PoleNetwork), st.just("network"), st.just("networks"), few),
    st.builds(member, few, days, st.none() | st.integers(0, 300), texts),
    st.builds(moves, few),
    st.builds(all_at_once, texts),
    st.builds(project, texts, whichever, st.lists(st.sampled_from(["locaux", "achats"]))),
    st.builds(project_members, whichever),
    st.builds(no_project, st.sampled_from(["pole", "other"])),
    st.builds(projects_move),
    st.builds(figures, st.integers(2020, 2022), numbers, numbers),
    st.builds(source, few, days),
    st.builds(no_source),
)


@settings(with_database, max_examples=30)
@given(drawn=st.lists(edits, min_size=2, max_size=14))
def test_each_version_gives_what_was_read_of_it(drawn: list[Edit]) -> None:
    with undone():
        record = Record()
        record.look()
        for edit in drawn:
            edit(record)
            record.look()
        read = {number: values_at(record.pole, number) for number in record.seen}
        assert read == record.seen


def test_a_version_that_never_was_is_told() -> None:
    pole = PoleFactory()
    with pytest.raises(NoSuchVersion):
        values_at(pole, 2)
    with pytest.raises(NoSuchVersion):
        values_at(pole, 0)


def test_versions_are_read_in_one_statement(django_assert_num_queries: Any) -> None:
    pole = PoleFactory()
    update(pole, name="Un autre nom")
    with django_assert_num_queries(1):
        first, second = versions_of(pole, 1, 2)
    assert (first.number, first.is_current, first.values["name"]) == (1, False, pole.name)
    assert (second.number, second.is_current, second.values["name"]) == (2, True, "Un autre nom")
    assert versions_of(pole, 2, 1) == [second, first]


def test_a_row_that_is_erased_keeps_its_values_before() -> None:
    member = MembershipFactory(source_words="Fondateur")
    member.delete()
    before, after = values_at(member.pole, 2), values_at(member.pole, 3)
    [key] = [key for key in before if key.startswith("members/")]
    assert before[key]["source_words"] == "Fondateur"
    assert key not in after
