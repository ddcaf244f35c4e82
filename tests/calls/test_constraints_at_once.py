"""No order of operations, and no number of officers at once, passes the envelope or the award."""

import threading
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls.models import Application, Instalment
from tests.breaking import undone, update, with_database
from tests.call_factories import call_at, file_of
from tests.factories import InstalmentFactory, StrandFactory
from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
_AMOUNTS = st.integers(0, 9)
_OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("award"), st.integers(0, 2), _AMOUNTS),
        st.tuples(st.just("support"), st.integers(0, 2), _AMOUNTS),
        st.tuples(st.just("refuse"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("envelope"), st.just(0), _AMOUNTS),
        st.tuples(st.just("strand"), st.just(0), _AMOUNTS),
        st.tuples(st.just("pay"), st.integers(0, 2), st.integers(1, 9)),
        st.tuples(st.just("suspend"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("resume"), st.integers(0, 2), st.just(0)),
    ),
    max_size=12,
)


class Round:
    """A call of ten euros with three files, the last two in a strand; what is done, in SQL."""

    def __init__(self) -> None:
        self.call = call_at(envelope_eur=10)
        self.strand = StrandFactory(call=self.call, envelope_eur=6)
        strands = (None, self.strand, self.strand)
        self.files = [file_of(self.call, strand=strand) for strand in strands]

    def do(self, what: str, place: int, amount: int) -> None:
        file = self.files[place]
        match what:
            case "award":
                update(file, decision="laureat", decided_on=TODAY, amount_eur=amount)
            case "support":
                update(file, decision="accompagne", decided_on=TODAY, amount_eur=amount)
            case "refuse":
                update(file, decision="refuse", decided_on=TODAY, amount_eur=None)
            case "envelope":
                update(self.call, envelope_eur=amount)
            case "strand":
                update(self.strand, envelope_eur=amount)
            case "pay":
                InstalmentFactory(application=file, amount_eur=amount, state="verse", paid_on=TODAY)
            case "suspend" | "resume":
                instalments = Instalment.objects.filter(application=file)
                if what == "suspend":
                    instalments.update(state="suspendu", reason="Motif", paid_on=None)
                else:
                    instalments.update(state="verse", paid_on=TODAY)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def check(self) -> None:
        rows = list(Application.objects.filter(call=self.call).order_by("pk"))
        amounts = [row.amount_eur or Decimal() for row in rows]
        self.call.refresh_from_db()
        self.strand.refresh_from_db()
        assert sum(amounts) <= (self.call.envelope_eur or 0)
        assert sum(amounts[1:]) <= (self.strand.envelope_eur or 0)
        for row, amount in zip(rows, amounts, strict=True):
            kept = row.instalments.exclude(state="suspendu").order_by("pk")
            assert sum(each.amount_eur for each in kept) <= amount


@with_database
@given(operations=_OPERATIONS)
def test_no_order_of_operations_passes_the_envelope_or_the_award(
    operations: list[tuple[str, int, int]],
) -> None:
    with undone():
        each = Round()
        for operation in operations:
            try:
                with transaction.atomic():
                    each.do(*operation)
            except DatabaseError as error:
                cause: Any = error.__cause__
                assert cause.diag.constraint_name in {
                    "calls_application_envelope",
                    "calls_instalment_award",
                }, cause
            each.check()


_CALL = (
    "INSERT INTO calls_call (code, name, organiser, kind, permanent, envelope_eur,"
    " composition_rule, funds, conditions, specification_url, note, source_url, run_in_registry,"
    " state, opinion_required) VALUES ('a-plusieurs', 'À plusieurs', '', 'etat', false, 1500000,"
    " 'non-etablie', '', '', '', '', '', true, 'preparation', false) RETURNING id"
)
_FILES = (
    "WITH files AS (INSERT INTO calls_application (call_id, pole_id, admissible,"
    " admissible_reason, eligible, eligible_reason, opinion, opinion_text, decision,"
    " decision_words, agreement_reference, imported, attestation, file_number, contact_email)"
    " SELECT %s, id, true, '', true, '', '', '', 'inconnue', '', '', false, '', '', ''"
    " FROM poles_pole ORDER BY id LIMIT 50 RETURNING id), officer AS (INSERT INTO networks_user"
    " (email, full_name, password, role, is_active, date_joined, former_as) VALUES"
    " ('agent@registre.test', '', '!', 'agent', true, now(), '') RETURNING id), concluded AS ("
    " INSERT INTO calls_examination (application_id, subject, conclusion, advised, findings,"
    " reason, officer_id, recorded_at) SELECT files.id, subject, true, true, '[]', '', officer.id,"
    " now() FROM files, officer, (VALUES ('recevabilite'), ('eligibilite')) AS of (subject))"
    " SELECT id FROM files"
)
_DECIDE = (
    "UPDATE calls_application SET decision = 'laureat', decided_on = current_date,"
    " amount_eur = 100000 WHERE id = %s"
)
_PLAN = (
    "INSERT INTO calls_instalment (application_id, amount_eur, state, reason, reference)"
    " VALUES (%s, 30000, 'prevu', '', '')"
)


def at_once(address: str, statements: list[tuple[str, Any]]) -> list[str]:
    """Each statement in a transaction of its own, all begun together; the rules that refused."""
    together = threading.Barrier(len(statements))
    refusals: list[str] = []

    def act(sql: str, given: Any) -> None:
        with psycopg.connect(address) as own:
            together.wait(60)
            try:
                own.execute(sql, [given])
                own.commit()
            except psycopg.errors.CheckViolation as error:
                own.rollback()
                refusals.append(str(error.diag.constraint_name))

    threads = [threading.Thread(target=act, args=each) for each in statements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    return refusals


def test_fifty_officers_at_once_keep_within_the_envelope_and_the_award() -> None:
    with database_of_its_own() as address, psycopg.connect(address, autocommit=True) as first:

        def value(sql: str, *given: Any) -> Any:
            row = first.execute(sql, given).fetchone()
            assert row is not None
            return row[0]

        call = value(_CALL)
        for step in ("ouvert", "instruction"):
            first.execute("UPDATE calls_call SET state = %s WHERE id = %s", [step, call])
        files = [each for (each,) in first.execute(_FILES, [call]).fetchall()]
        refusals = at_once(address, [(_DECIDE, each) for each in files])
        assert refusals == ["calls_application_envelope"] * 35
        engaged = "SELECT sum(amount_eur) FROM calls_application WHERE call_id = %s"
        assert value(engaged, call) == 1_500_000
        laureate = value(
            "SELECT min(id) FROM calls_application WHERE call_id = %s AND amount_eur > 0", call
        )
        refusals = at_once(address, [(_PLAN, laureate)] * 10)
        assert refusals == ["calls_instalment_award"] * 7
        # What a snapshot would not see is not engaged from one.
        first.execute("SET default_transaction_isolation = 'repeatable read'")
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            first.execute(
                "UPDATE calls_application SET decision = 'refuse' WHERE id = %s", [laureate]
            )
        assert caught.value.diag.constraint_name == "calls_application_isolation"


_FACTS = (
    "UPDATE members_organisation SET kind = %s, is_commercial = %s, is_ess = %s,"
    " is_training_body = %s, is_legal_person = true, closed_on = NULL WHERE id = %s"
)
_COME = (
    "INSERT INTO poles_membership (pole_id, organisation_id, role, source_words)"
    " VALUES (%s, %s, 'actif', '')"
)


def test_a_laureate_and_a_departure_at_once() -> None:
    """The decision waits for the departure, and then sees it."""
    with (
        database_of_its_own() as address,
        psycopg.connect(address) as leaving,
        psycopg.connect(address) as deciding,
    ):
        (call,) = deciding.execute(_CALL).fetchone() or ()
        deciding.execute(
            "UPDATE calls_call SET composition_rule = 'minimum', state = 'ouvert' WHERE id = %s",
            [call],
        )
        deciding.execute("UPDATE calls_call SET state = 'instruction' WHERE id = %s", [call])
        (file, *_) = [each for (each,) in deciding.execute(_FILES, [call]).fetchall()]
        (pole,) = (
            deciding.execute("SELECT pole_id FROM calls_application WHERE id = %s", [file])
        ).fetchone() or ()
        found = deciding.execute("SELECT id FROM members_organisation ORDER BY id LIMIT 3")
        members = [each for (each,) in found.fetchall()]
        kinds = (
            ("entreprise", True, False, None),
            ("ess", False, True, None),
            ("formation", None, None, True),
        )
        deciding.execute("DELETE FROM poles_membership WHERE pole_id = %s", [pole])
        deciding.execute("UPDATE poles_pole SET legal_person_id = NULL WHERE id = %s", [pole])
        for member, kind in zip(members, kinds, strict=True):
            deciding.execute(_FACTS, [*kind, member])
            deciding.execute(_COME, [pole, member])
        deciding.commit()

        leaving.execute(
            "DELETE FROM poles_membership WHERE pole_id = %s AND organisation_id = %s",
            [pole, members[0]],
        )
        refusals: list[str] = []

        def decide() -> None:
            try:
                deciding.execute(_DECIDE, [file])
                deciding.commit()
            except psycopg.errors.CheckViolation as error:
                refusals.append(str(error.diag.constraint_name))

        thread = threading.Thread(target=decide, daemon=True)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "the decision did not wait for the departure"
        leaving.commit()
        thread.join(20)
        assert refusals == ["calls_application_composition"]
