"""The states of a record, broken with SQL: which follow which, and who brings them about."""

from collections.abc import Callable
from typing import Any

import pghistory
import pytest

from networks.models import StaffRole, User
from poles.models import Pole, RecordStep
from tests.breaking import as_server, refused, rows, run
from tests.factories import NetworkFactory, NetworkStaffFactory, PoleFactory, UserFactory

pytestmark = pytest.mark.django_db

STATES = ("brouillon", "soumis", "publie", "archive")
NEVER = {("publie", "brouillon"), ("publie", "soumis"), ("archive", "soumis")}


def move(pole: Pole, state: str) -> None:
    run(
        "UPDATE poles_pole SET record_state = %s, archive_reason = 'Motif' WHERE id = %s",
        state,
        pole.pk,
    )


@pytest.mark.parametrize("after", STATES)
@pytest.mark.parametrize("before", STATES)
def test_only_some_states_follow_others(before: str, after: str) -> None:
    pole = PoleFactory(record_state=before, archive_reason="Motif")
    if (before, after) in NEVER:
        with refused("poles_pole_record_step"):
            move(pole, after)
    else:
        move(pole, after)


def editor(pole: Pole) -> User:
    return NetworkStaffFactory(network=pole.reference_network).user


def manager(pole: Pole) -> User:
    network = pole.reference_network
    return NetworkStaffFactory(network=network, role=StaffRole.MANAGER).user


def stranger(_: Pole) -> User:
    return NetworkStaffFactory(role=StaffRole.MANAGER).user


def officer(_: Pole) -> User:
    return UserFactory(officer=True)


def gone(_: Pole) -> User:
    return UserFactory(officer=True, is_active=False)


WHO: dict[str, Callable[[Pole], User]] = {
    f.__name__: f for f in (editor, manager, stranger, officer, gone)
}
PUBLISH, ARCHIVE = {"manager", "officer"}, {"officer"}
MAY = {
    ("soumis", "publie"): PUBLISH,
    ("brouillon", "publie"): PUBLISH,
    ("archive", "publie"): ARCHIVE,
    ("publie", "archive"): ARCHIVE,
    ("archive", "brouillon"): ARCHIVE,
    ("brouillon", "soumis"): set(WHO),
    ("soumis", "brouillon"): set(WHO),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("step", MAY, ids="-".join)
def test_what_is_published_was_published_by_someone_who_may(
    step: tuple[str, str], who: str
) -> None:
    before, after = step
    pole = PoleFactory(
        record_state=before, archive_reason="Motif", reference_network=NetworkFactory()
    )
    account = WHO[who](pole)
    with pghistory.context(user=account.pk):
        if who in MAY[step]:
            move(pole, after)
        else:
            with refused("poles_pole_record_step_by"):
                move(pole, after)


def test_a_record_does_not_begin_published_by_someone_who_may_not() -> None:
    network = NetworkFactory()
    one = NetworkStaffFactory(network=network).user
    other = NetworkStaffFactory(network=network, role=StaffRole.MANAGER).user
    with pghistory.context(user=one.pk), refused("poles_pole_record_step_by"):
        PoleFactory(published=True, reference_network=network)
    with pghistory.context(user=other.pk):
        PoleFactory(published=True, reference_network=network)
        with refused("poles_pole_record_step_by"):
            PoleFactory(published=True)


def kept(pole: Pole) -> list[tuple[Any, ...]]:
    return rows(
        "SELECT act, before, after, network_id, by_id, reason FROM poles_recordstep"
        " WHERE pole_id = %s ORDER BY id",
        pole.pk,
    )


def test_each_step_is_kept_with_who_and_why_whatever_the_path() -> None:
    who, network = UserFactory(officer=True), NetworkFactory()
    pole = PoleFactory()
    assert kept(pole) == []
    move(pole, "soumis")
    with pghistory.context(user=who.pk, why="Relu"):
        run("UPDATE poles_pole SET reference_network_id = %s WHERE id = %s", network.pk, pole.pk)
        move(pole, "publie")
        run("UPDATE poles_pole SET summary = 'Autre' WHERE id = %s", pole.pk)
        move(pole, "archive")
        made = PoleFactory()
    assert kept(pole) == [
        ("soumission", "brouillon", "soumis", None, None, ""),
        ("prise-en-charge", "soumis", "soumis", network.pk, who.pk, "Relu"),
        ("publication", "soumis", "publie", network.pk, who.pk, "Relu"),
        ("archivage", "publie", "archive", network.pk, who.pk, "Motif"),
    ]
    assert kept(made) == [("creation", "", "brouillon", None, who.pk, "Relu")]


@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET reason = 'Autre'", "UPDATE {} SET by_id = {account}", "DELETE FROM {}"],
)
def test_a_step_is_kept_as_it_was(sql: str) -> None:
    pole, account = PoleFactory(), UserFactory()
    move(pole, "publie")
    with as_server(), refused("poles_recordstep_kept"):
        run(sql.format("poles_recordstep", account=account.pk))


def test_who_leaves_keeps_only_their_number_in_the_history() -> None:
    who, network = UserFactory(officer=True), NetworkFactory()
    pole = PoleFactory(reference_network=network)
    with pghistory.context(user=who.pk):
        move(pole, "publie")
    who.delete()
    Pole.objects.filter(pk=pole.pk).update(reference_network=None)
    network.delete()
    step = RecordStep.objects.filter(pole=pole, act="publication").get()
    assert (step.by, step.network) == (None, None)


def test_what_nobody_ever_saw_can_go() -> None:
    pole = PoleFactory()
    move(pole, "soumis")
    move(pole, "brouillon")
    pole.delete()
    assert not RecordStep.objects.exists()
