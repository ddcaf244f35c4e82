"""One grid decided all at once, or not at all, each refusal beside its row."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from calls.decisions import DecisionsRefused, Wish, decide
from calls.models import Application, Call, DecisionSession
from tests.call_factories import call_at, file_of
from tests.factories import InstalmentFactory, PoleFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def wish(file: Application, decision: str, amount: int | None = None, **before: Any) -> Wish:
    shown = before.get("before", (file.decision, file.amount_eur))
    return Wish(file.pk, decision, None if amount is None else Decimal(amount), shown)


def decided(call: Call, *wishes: Wish) -> DecisionSession | None:
    return decide(
        call,
        wishes,
        committee="Comité interministériel",
        held_on=TODAY,
        officer=UserFactory(officer=True),
    )


def test_a_grid_is_decided_at_once() -> None:
    call = call_at(envelope_eur=100_000)
    files = [file_of(call) for _ in range(4)]
    wishes = [
        wish(files[0], "laureat", 60_000),
        wish(files[1], "accompagne"),
        wish(files[2], "refuse"),
        wish(files[3], "inconnue"),
    ]
    session = decided(call, *wishes)
    assert session is not None
    assert (session.committee, session.held_on) == ("Comité interministériel", TODAY)
    for file in files:
        file.refresh_from_db()
    assert [file.decision for file in files] == ["laureat", "accompagne", "refuse", "inconnue"]
    assert [file.session_id for file in files] == [session.pk] * 3 + [None]
    assert files[0].decided_on == TODAY
    # The same grid once more changes nothing.
    assert (
        decided(
            call,
            *(
                wish(f, f.decision, None if f.amount_eur is None else int(f.amount_eur))
                for f in files
            ),
        )
        is None
    )


def test_all_refusals_are_told_and_nothing_is_written() -> None:
    call = call_at(envelope_eur=100_000, award_max_eur=80_000, composition_rule="minimum")
    wrong = file_of(call, pole=PoleFactory())
    dear = file_of(call)
    fine = file_of(call)
    with pytest.raises(DecisionsRefused) as caught:
        decided(
            call,
            wish(wrong, "laureat", 100),
            wish(dear, "accompagne", 90_000),
            wish(fine, "refuse"),
        )
    rows = caught.value.rows
    assert set(rows) == {wrong.pk, dear.pk}
    assert "sa composition" in rows[wrong.pk][0]
    assert "sort des bornes" in rows[dear.pk][0]
    assert not DecisionSession.objects.exists()
    fine.refresh_from_db()
    assert fine.decision == "inconnue"


def test_the_envelope_is_told_where_it_is_passed() -> None:
    call = call_at(envelope_eur=100)
    first, second = file_of(call), file_of(call)
    with pytest.raises(DecisionsRefused) as caught:
        decided(call, wish(first, "laureat", 40), wish(second, "laureat", 70))
    assert "10\u00a0€ de trop" in caught.value.rows[second.pk][0]


def test_what_one_gives_back_another_may_have() -> None:
    call = call_at(envelope_eur=100)
    first, second = file_of(call), file_of(call)
    assert decided(call, wish(first, "laureat", 100))
    first.refresh_from_db()
    assert decided(call, wish(second, "laureat", 90), wish(first, "laureat", 10))


def test_an_award_stays_above_what_is_promised() -> None:
    call = call_at()
    file = file_of(call)
    decided(call, wish(file, "laureat", 100))
    InstalmentFactory(application=file, amount_eur=60)
    file.refresh_from_db()
    with pytest.raises(DecisionsRefused) as caught:
        decided(call, wish(file, "laureat", 50))
    assert "passent le montant engagé" in caught.value.rows[file.pk][0]


def test_what_another_decided_meanwhile_is_told() -> None:
    call = call_at()
    file = file_of(call)
    shown = (file.decision, file.amount_eur)
    decided(call, wish(file, "refuse"))
    with pytest.raises(DecisionsRefused) as caught:
        decided(call, wish(file, "laureat", 10, before=shown))
    assert "refusé" in caught.value.rows[file.pk][0]


def test_a_file_of_another_call_and_a_stranger_are_refused() -> None:
    call, other = call_at(), file_of(call_at())
    with pytest.raises(DecisionsRefused) as caught:
        decided(call, wish(other, "refuse"))
    assert "plus dans l’appel" in caught.value.rows[other.pk][0]
    with pytest.raises(DecisionsRefused) as caught:
        decide(
            call,
            [wish(file_of(call), "refuse")],
            committee="Nous",
            held_on=TODAY,
            officer=UserFactory(),
        )
    assert "agent du ministère" in caught.value.grid[0]


def test_a_decision_taken_back_has_no_session() -> None:
    call = call_at()
    file = file_of(call)
    decided(call, wish(file, "refuse"))
    file.refresh_from_db()
    decided(call, wish(file, "inconnue"))
    file.refresh_from_db()
    assert (file.decision, file.session, file.decided_on) == ("inconnue", None, None)
