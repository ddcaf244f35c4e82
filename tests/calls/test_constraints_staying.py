"""What was decided, said or paid is not got around by moving what the rules look at."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from tests.breaking import refused, run, update
from tests.call_factories import (
    AnswerFactory,
    DecisionSessionFactory,
    ExaminationFactory,
    LetterFactory,
    RegionalOpinionFactory,
    advance,
    call_at,
    file_of,
    laureate,
)
from tests.factories import (
    InstalmentFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)
from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
Settle = Callable[[], None]


@pytest.mark.parametrize(
    ("rule", "factory"), [("calls_wave_call", WaveFactory), ("calls_strand_call", StrandFactory)]
)
def test_a_part_stays_in_its_call_with_its_envelope(rule: str, factory: Any) -> None:
    part = factory(call=call_at(), envelope_eur=1000)
    with refused(rule):
        update(part, call_id=call_at().pk)


def test_a_decided_file_stays_where_it_was_decided(settle: Settle) -> None:
    call = call_at()
    file = file_of(call)
    strand = StrandFactory(call=call)
    update(file, strand_id=strand.pk)
    laureate(file, 100)
    settle()
    for values in ({"strand_id": None}, {"call_id": call_at().pk, "strand_id": None}):
        with refused("calls_application_moved"):
            update(file, **values)
    advance(call, "clos")
    with refused("calls_application_moved"):
        update(file, strand_id=None)


def test_a_decided_call_has_nothing_left_to_decide() -> None:
    file = file_of(call_at())
    laureate(file, 100)
    advance(file.call, "decide")
    with refused("calls_application_undecided"):
        update(file, decision="inconnue", amount_eur=None, decided_on=None)
    update(file, decision="refuse", amount_eur=None)
    update(file.call, state="instruction")
    update(file, decision="inconnue", decided_on=None)


def test_a_session_decides_in_its_call_and_is_signed() -> None:
    file = file_of(call_at())
    session = DecisionSessionFactory(call=file.call)
    elsewhere = DecisionSessionFactory()
    update(file, session_id=session.pk)
    with refused("calls_application_session"):
        update(file, session_id=elsewhere.pk)
    with refused("calls_application_session"):
        update(session, call_id=elsewhere.call_id)
    for nobody in (None, UserFactory()):
        with refused("calls_decisionsession_officer"):
            DecisionSessionFactory(officer=nobody)
    update(session, officer_id=None)


def test_an_attestation_is_an_officers() -> None:
    file = file_of(call_at())
    officer = UserFactory(officer=True).pk
    given = {"attestation": "Statuts vus.", "attested_on": TODAY, "attested_by_id": officer}
    for wrong in (
        {"attested_by_id": None},
        {"attested_by_id": UserFactory().pk},
        {"attested_on": TODAY + timedelta(days=1)},
    ):
        with refused("calls_application_attested"):
            update(file, **(given | wrong))
    update(file, **given)
    # The account of who attested may be erased, and what they said is not said by nobody.
    update(file, attested_by_id=None)
    with refused("calls_application_attested"):
        update(file, attestation="Autre chose.")


def test_an_opinion_stays_on_its_file() -> None:
    opinion = RegionalOpinionFactory()
    file = opinion.application
    other = file_of(file.call, pole=file.pole, strand=StrandFactory(call=file.call))
    with refused("calls_regionalopinion_moved"):
        update(opinion, application_id=other.pk)


def test_what_is_paid_has_its_day_and_stays_counted() -> None:
    paid = InstalmentFactory(state="verse", paid_on=TODAY)
    with refused("calls_instalment_time"):
        update(paid, paid_on=TODAY + timedelta(days=1))
    # Were it suspended and yet paid, as much again could be.
    with refused("calls_instalment_state"):
        update(paid, state="suspendu", reason="Comité non tenu.")
    with refused("calls_instalment_state"):
        update(paid, state="prevu")


def test_what_is_paid_or_decided_is_not_erased() -> None:
    """Nor paid, then taken away, then paid again."""
    file = file_of(call_at(), admissible=None, eligible=None)
    paid = InstalmentFactory(state="verse", paid_on=TODAY)
    rule = "calls_instalment_deleted"
    with refused(rule):
        run("DELETE FROM calls_instalment WHERE id = %s", paid.pk)
    with refused(rule):
        update(paid, application_id=file.pk)
    update(paid, state="prevu", paid_on=None)
    run("DELETE FROM calls_instalment WHERE id = %s", paid.pk)
    update(file, decision="refuse", decided_on=TODAY)
    with refused("calls_application_deleted"):
        run("DELETE FROM calls_application WHERE id = %s", file.pk)
    update(file, decision="inconnue", decided_on=None)
    run("DELETE FROM calls_application WHERE id = %s", file.pk)


def test_a_letter_is_an_officers() -> None:
    for officer in (None, UserFactory(), UserFactory(officer=True, is_active=False)):
        with refused("calls_letter_officer"):
            LetterFactory(officer=officer)


def test_what_is_kept_is_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(call_at(), received_on=date(2024, 3, 1))
    officer = UserFactory(officer=True)
    makes: dict[str, Callable[[datetime], Any]] = {
        "calls_examination_dated": lambda _: ExaminationFactory(application=file, officer=officer),
        "calls_letter_dated": lambda _: LetterFactory(application=file, officer=officer),
        "calls_parliamentaryanswer_dated": lambda moment: AnswerFactory(asked_at=moment),
    }
    now = timezone.now()
    for rule, make in makes.items():
        for hours in (-1, 1):
            wrong = now + timedelta(hours=hours)
            with monkeypatch.context() as clock, refused(rule):
                clock.setattr(timezone, "now", lambda wrong=wrong: wrong)
                make(wrong)
        make(now)


@pytest.mark.parametrize(
    ("rule", "table", "column"),
    [
        ("calls_call_amounts", "calls_call", "envelope_eur"),
        ("calls_call_amounts", "calls_call", "award_max_eur"),
        ("calls_wave_amount", "calls_wave", "envelope_eur"),
        ("calls_strand_amount", "calls_strand", "envelope_eur"),
        ("calls_application_amount", "calls_application", "amount_eur"),
        ("calls_application_requested", "calls_application", "requested_eur"),
        ("calls_instalment_amount", "calls_instalment", "amount_eur"),
    ],
)
def test_what_is_no_number_is_no_amount(rule: str, table: str, column: str) -> None:
    """PostgreSQL holds NaN to be above every number: an envelope of it would hold nothing."""
    instalment = InstalmentFactory()
    WaveFactory(call=instalment.application.call)
    StrandFactory(call=instalment.application.call)
    with refused(rule):
        run(f"UPDATE {table} SET {column} = 'NaN'")


def test_a_snapshot_does_not_change_how_a_call_is_run() -> None:
    """It would not see the laureate that another has just decided."""
    with database_of_its_own() as address, psycopg.connect(address) as late:
        late.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for change in ("composition_rule = 'minimum'", "permanent = NOT permanent"):
            late.execute("SAVEPOINT before")
            with pytest.raises(psycopg.errors.CheckViolation) as caught:
                late.execute(f"UPDATE calls_call SET {change} WHERE composition_rule <> 'minimum'")
            assert caught.value.diag.constraint_name == "calls_application_isolation"
            late.execute("ROLLBACK TO before")
