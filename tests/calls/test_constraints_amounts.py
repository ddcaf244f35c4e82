"""Envelopes, bounds, compositions and payments: what no decision may do."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from poles.models import Membership
from tests.breaking import refused, update
from tests.call_factories import (
    call_at,
    file_of,
    laureate,
    satisfied_pole,
)
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    InstalmentFactory,
    PoleFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
Settle = Callable[[], None]


def test_the_envelope_holds(settle: Settle) -> None:
    call = call_at(envelope_eur=100_000)
    first, second = file_of(call), file_of(call)
    laureate(first, 60_000)
    settle()
    with refused("calls_application_envelope"):
        laureate(second, "40000.01")
        settle()
    laureate(second, 40_000)
    settle()
    with refused("calls_application_envelope"):
        update(call, envelope_eur=99_999)
        settle()
    with refused("calls_application_envelope"):
        update(call, envelope_eur=None)
        settle()


@pytest.mark.parametrize(("part", "factory"), [("wave", WaveFactory), ("strand", StrandFactory)])
def test_the_envelope_of_a_part_holds_too(settle: Settle, part: str, factory: Any) -> None:
    call = call_at()
    given = factory(call=call, envelope_eur=1000)
    laureate(file_of(call), 5000)
    laureate(file_of(call, **{part: given}), 1000)
    settle()
    with refused("calls_application_envelope"):
        update(given, envelope_eur=999)
        settle()
    with refused("calls_application_envelope"):
        update(
            file_of(call, **{part: given}), decision="accompagne", decided_on=TODAY, amount_eur=1
        )
        settle()


def test_without_an_envelope_nothing_is_engaged(settle: Settle) -> None:
    file = file_of(call_at(envelope_eur=None))
    laureate(file, 0)
    settle()
    with refused("calls_application_envelope"):
        laureate(file, 1)
        settle()


def test_the_bounds_of_a_call_run_here_bind(settle: Settle) -> None:
    call = call_at(award_min_eur=20_000, award_max_eur=100_000)
    for wrong in (19_999, 100_001, None):
        with refused("calls_application_bounds"):
            laureate(file_of(call), wrong)
            settle()
    laureate(file_of(call), 20_000)
    laureate(file_of(call), 100_000)
    settle()
    with refused("calls_application_bounds"):
        update(call, award_max_eur=99_999)
        settle()
    # Those of an older one were only observed.
    older = CallFactory(award_min_eur=20_000, award_max_eur=100_000)
    laureate(ApplicationFactory(call=older), 1)
    settle()


def test_history_is_exempt(settle: Settle) -> None:
    call = CallFactory(envelope_eur=1000, composition_rule="minimum")
    pole = PoleFactory(members_confirmed_on=date(2024, 1, 1))
    row = ApplicationFactory(
        call=call, pole=pole, decision="laureat", amount_eur=5000, imported=True
    )
    paid = InstalmentFactory(application=row, amount_eur=9000)
    settle()
    update(call, envelope_eur=900)
    settle()
    with refused("calls_instalment_award"):
        update(row, imported=False)
        settle()
    paid.delete()
    with refused("calls_application_envelope"):
        update(row, imported=False)
        settle()


def test_a_decision_has_its_day_and_its_examination(settle: Settle) -> None:
    call = call_at()
    rule = "calls_application_examined"
    for concluded, values in (
        ({}, {"decision": "refuse"}),
        ({}, {"decision": "refuse", "decided_on": TODAY + timedelta(days=1)}),
        ({"admissible": None}, {"decision": "accompagne", "decided_on": TODAY}),
        ({"eligible": None}, {"decision": "laureat", "decided_on": TODAY, "amount_eur": 1}),
    ):
        with refused(rule):
            update(file_of(call, **concluded), **values)
            settle()


# The composition of a laureate.


def attested() -> dict[str, Any]:
    return {
        "attested_on": TODAY,
        "attestation": "Statuts vus.",
        "attested_by": UserFactory(officer=True),
    }


def test_a_laureate_satisfies_the_rule(settle: Settle) -> None:
    call = call_at(composition_rule="minimum")
    rule = "calls_application_composition"
    for pole in (PoleFactory(), PoleFactory(members_confirmed_on=date(2024, 1, 1))):
        with refused(rule):
            laureate(file_of(call, pole=pole), 1)
            settle()
    laureate(file_of(call, pole=satisfied_pole()), 1)
    settle()
    # What is not known may be attested; what is known to be wrong may not.
    laureate(file_of(call, pole=PoleFactory(), **attested()), 1)
    settle()
    with refused(rule):
        wrong = PoleFactory(members_confirmed_on=date(2024, 1, 1))
        laureate(file_of(call, pole=wrong, **attested()), 1)
        settle()


def test_the_composition_is_that_of_the_day_of_the_decision(settle: Settle) -> None:
    call = call_at(composition_rule="minimum")
    pole = satisfied_pole()
    file = file_of(call, pole=pole)
    left = Membership.objects.filter(pole=pole).order_by("pk").first()
    assert left is not None
    update(left, ends_on=TODAY - timedelta(days=10))
    with refused("calls_application_composition"):
        laureate(file, 1)
        settle()
    update(file, decision="laureat", decided_on=TODAY - timedelta(days=10), amount_eur=1)
    settle()
    with refused("calls_application_composition"):
        update(file, decided_on=TODAY)
        settle()


def test_an_attestation_is_not_taken_away_from_a_laureate(settle: Settle) -> None:
    call = call_at(composition_rule="minimum")
    file = file_of(call, pole=PoleFactory(), **attested())
    laureate(file, 1)
    settle()
    with refused("calls_application_composition"):
        update(file, attested_on=None, attestation="", attested_by_id=None)
        settle()


# Payments.


def test_payments_stay_within_the_award(settle: Settle) -> None:
    file = file_of(call_at())
    laureate(file, 1000)
    paid = InstalmentFactory(application=file, amount_eur=600, state="verse", paid_on=TODAY)
    planned = InstalmentFactory(application=file, amount_eur=400)
    settle()
    rule = "calls_instalment_award"
    for row, values in (
        (paid, {"amount_eur": 601}),
        (file, {"amount_eur": 999}),
        (planned, {"amount_eur": 401}),
    ):
        with refused(rule):
            update(row, **values)
            settle()
    with refused(rule):
        InstalmentFactory(application=file, amount_eur=1)
        settle()
    update(planned, state="suspendu", reason="Comité de suivi non tenu.")
    other = InstalmentFactory(application=file, amount_eur=400)
    settle()
    with refused(rule):
        update(planned, state="prevu")
        settle()
    update(other, amount_eur=100)
    with refused(rule):
        InstalmentFactory(application=file_of(file.call), amount_eur=1)
        settle()
