"""When a call moves on, and when its files are received and decided."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.breaking import refused, update
from tests.call_factories import (
    advance,
    call_at,
    file_of,
)
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    WaveFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
Settle = Callable[[], None]


def test_steps_follow_one_another() -> None:
    call = call_at("preparation")
    for wrong in ("instruction", "decide", "clos"):
        with refused("calls_call_step"):
            update(call, state=wrong)
    update(call, state="ouvert")
    update(call, state="preparation")
    with refused("calls_call_step"):
        CallFactory(run_in_registry=True, state="ouvert")


def test_an_undecided_file_keeps_a_call_from_being_decided() -> None:
    call = call_at("instruction")
    file = file_of(call)
    with refused("calls_call_step"):
        update(call, state="decide")
    update(file, decision="refuse", decided_on=TODAY)
    with refused("calls_call_step"):
        update(call, state="ouvert")
    update(call, state="decide")
    update(call, state="clos")


def test_a_call_with_files_does_not_go_back_to_its_preparation() -> None:
    call = call_at("ouvert")
    file_of(call)
    with refused("calls_call_step"):
        update(call, state="preparation")


def test_the_waves_of_a_permanent_call_move_on_their_own(settle: Settle) -> None:
    call = call_at("ouvert", permanent=True)
    with refused("calls_call_step"):
        update(call, state="instruction")
    first, second = WaveFactory(call=call), WaveFactory(call=call)
    advance(first, "instruction")
    update(file_of(call, wave=first), decision="accompagne", decided_on=TODAY)
    advance(first, "decide")
    assert second.state == "preparation"
    advance(second, "ouvert")
    with refused("calls_call_step"):
        update(call, state="clos")
    advance(second, "instruction")
    advance(second, "decide")
    update(call, state="clos")
    with refused("calls_wave_step"):
        update(WaveFactory(call=call), state="ouvert")
    settle()


def test_only_waves_of_a_permanent_call_have_steps() -> None:
    with refused("calls_wave_step"):
        update(WaveFactory(call=call_at("ouvert")), state="ouvert")
    with refused("calls_wave_step"):
        WaveFactory(call=call_at("ouvert", permanent=True), state="ouvert")


def test_a_call_with_files_keeps_how_it_is_run(settle: Settle) -> None:
    call = file_of(call_at()).call
    for values in ({"run_in_registry": False}, {"permanent": True}):
        with refused("calls_call_run" if "permanent" in values else "calls_call_state"):
            update(call, **values)
    with refused("calls_call_run"):
        update(ApplicationFactory().call, run_in_registry=True)


def test_the_rule_of_a_call_with_a_laureate_stays() -> None:
    file = file_of(call_at())
    update(file, decision="laureat", decided_on=TODAY, amount_eur=1)
    with refused("calls_call_rule"):
        update(file.call, composition_rule="minimum")


def test_files_are_received_in_time() -> None:
    for step in ("preparation", "decide"):
        with refused("calls_application_time"):
            file_of(call_at(step))
    for step in ("ouvert", "instruction"):
        file_of(call_at(step))


def test_a_decision_is_taken_during_the_review() -> None:
    file = file_of(call_at("ouvert"))
    with refused("calls_application_time"):
        update(file, decision="refuse", decided_on=TODAY)
    # A candidate may take its file back at any time.
    update(file, decision="retire")


def test_a_closed_call_decides_nothing_more() -> None:
    file = file_of(call_at())
    update(file, decision="laureat", decided_on=TODAY, amount_eur=100)
    advance(file.call, "clos")
    with refused("calls_application_time"):
        update(file, amount_eur=200)
    with refused("calls_application_time"):
        update(file, decision="inconnue", amount_eur=None)


def test_nothing_of_a_call_run_here_is_older_than_the_registry() -> None:
    with refused("calls_application_imported"):
        file_of(call_at(), imported=True)
    with refused("calls_application_imported"):
        update(file_of(call_at()), imported=True)


def test_a_file_of_a_permanent_call_has_its_wave() -> None:
    with refused("calls_application_wave"):
        file_of(call_at("ouvert", permanent=True))
