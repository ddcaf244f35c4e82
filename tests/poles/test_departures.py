"""Two people at the same moment: real transactions, on connections of their own."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db

LEAVE = "DELETE FROM poles_membership WHERE pole_id = %s AND organisation_id = %s"
COME = (
    "INSERT INTO poles_membership (pole_id, organisation_id, role, source_words)"
    " VALUES (%s, %s, 'actif', '')"
)
FORGET = "UPDATE members_organisation SET is_legal_person = NULL WHERE id = %s"
RECOGNISE = (
    "UPDATE poles_pole SET recognition = 'reconnu', recognition_on = current_date,"
    " recognition_reason = 'Motif' WHERE id = %s"
)
_FACTS = (
    "UPDATE members_organisation SET kind = %s, is_commercial = %s, is_ess = %s,"
    " is_training_body = %s, is_legal_person = true, closed_on = NULL WHERE id = %s"
)


@dataclass
class Two:
    """Two open connections, two poles, a company, an ESS entity and two training bodies."""

    first: psycopg.Connection
    second: psycopg.Connection
    poles: list[int] = field(default_factory=list)
    company: int = 0
    ess: int = 0
    schools: list[int] = field(default_factory=list)

    def prepare(self) -> None:
        found = self.first.execute("SELECT id FROM poles_pole ORDER BY id LIMIT 2").fetchall()
        self.poles = [each for (each,) in found]
        found = self.first.execute(
            "SELECT id FROM members_organisation ORDER BY id LIMIT 4"
        ).fetchall()
        self.company, self.ess, *self.schools = [each for (each,) in found]
        self.first.execute(_FACTS, ["entreprise", True, False, None, self.company])
        self.first.execute(_FACTS, ["ess", False, True, None, self.ess])
        for school in self.schools:
            self.first.execute(_FACTS, ["formation", None, None, True, school])
        self.first.execute(
            "UPDATE poles_pole SET legal_person_id = NULL WHERE id = ANY (%s)", [self.poles]
        )
        self.first.execute("DELETE FROM poles_membership WHERE pole_id = ANY (%s)", [self.poles])
        for pole in self.poles:
            for member in (self.company, self.ess, *self.schools):
                self.first.execute(COME, [pole, member])
        self.first.commit()

    def run(self, sql: str, *given: Any) -> None:
        self.first.execute(sql, given)

    def commit_with(self, sql: str, *given: Any) -> list[str]:
        """The second runs ``sql`` while the first is still open; both commit. Their refusals."""
        refusals = ["", ""]

        def follow() -> None:
            refusals[1] = _refusal(self.second, sql, given)

        thread = threading.Thread(target=follow)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the second did not wait for the first"
        refusals[0] = _refusal(self.first)
        thread.join(20)
        assert not thread.is_alive()
        return refusals

    def value(self, sql: str, *given: Any) -> Any:
        row = self.first.execute(sql, given).fetchone()
        assert row is not None
        return row[0]


def _refusal(connection: psycopg.Connection, sql: str = "", given: tuple = ()) -> str:
    try:
        if sql:
            connection.execute(sql, given)
        connection.commit()
    except psycopg.errors.CheckViolation as error:
        connection.rollback()
        return str(error.diag.constraint_name)
    return ""


@pytest.fixture
def two() -> Iterator[Two]:
    with (
        database_of_its_own() as address,
        psycopg.connect(address) as first,
        psycopg.connect(address) as second,
    ):
        made = Two(first, second)
        made.prepare()
        yield made
        first.rollback()
        second.rollback()


def test_of_two_departures_at_once_the_second_is_refused(two: Two) -> None:
    pole = two.poles[0]
    two.run(RECOGNISE, pole)
    two.first.commit()
    # Either training body may leave, not both.
    two.run(LEAVE, pole, two.schools[0])
    assert two.commit_with(LEAVE, pole, two.schools[1]) == ["", "poles_pole_article9"]
    assert two.value("SELECT count(*) FROM poles_membership WHERE pole_id = %s", pole) == 3
    assert two.value("SELECT verdict FROM poles_pole WHERE id = %s", pole) == "satisfaite"


def test_a_departure_and_a_change_of_facts_at_once(two: Two) -> None:
    pole = two.poles[0]
    two.run(RECOGNISE, pole)
    two.first.commit()
    two.run(LEAVE, pole, two.schools[0])
    assert two.commit_with(FORGET, two.schools[1]) == ["", "poles_pole_article9"]
    known = two.value(
        "SELECT is_legal_person FROM members_organisation WHERE id = %s", two.schools[1]
    )
    assert known is True


def test_a_recognition_and_a_departure_at_once(two: Two) -> None:
    pole = two.poles[0]
    two.run(LEAVE, pole, two.schools[0])
    two.first.commit()
    two.run(LEAVE, pole, two.schools[1])
    assert two.commit_with(RECOGNISE, pole) == ["", "poles_pole_article9"]
    assert two.value("SELECT recognition FROM poles_pole WHERE id = %s", pole) == "aucune"
    kept = "SELECT count(*) FROM poles_recognitiondecision WHERE pole_id = %s"
    assert two.value(kept, pole) == 0


def test_a_new_member_waits_for_the_facts_that_are_being_changed(two: Two) -> None:
    # Neither transaction sees the other's row: the kept verdict would be wrong for good.
    pole = two.poles[0]
    for school in two.schools:
        two.run(LEAVE, pole, school)
    two.first.commit()
    two.run(FORGET, two.schools[0])
    assert two.commit_with(COME, pole, two.schools[0]) == ["", ""]
    assert two.value("SELECT verdict FROM poles_pole WHERE id = %s", pole) == "indeterminee"


def test_two_organisations_of_the_same_poles_at_once(two: Two) -> None:
    # Poles are locked in one order: the second waits, and neither is a deadlock.
    two.run(FORGET, two.schools[0])
    assert two.commit_with(FORGET, two.schools[1]) == ["", ""]
    left = "SELECT count(*) FROM poles_pole WHERE id = ANY (%s) AND verdict = 'indeterminee'"
    assert two.value(left, two.poles) == 2
