from typing import Any

import pytest
from hypothesis import given

from calls.models import DueTold
from tests.breaking import Break, cases, check_form, check_sql, refused, update, with_database
from tests.call_factories import CallDocumentFactory, EvaluationFactory, PlatformImportFactory
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    InstalmentFactory,
    StrandFactory,
    WaveFactory,
)
from tests.slugs import check_slugs, slugs

pytestmark = pytest.mark.django_db

LATE, EARLY = "2024-02-01", "2024-01-01"


def complete() -> Any:
    """An application in a wave and a strand of its call."""
    call = CallFactory()
    return ApplicationFactory(
        call=call, wave=WaveFactory(call=call), strand=StrandFactory(call=call)
    )


def same_as(application: Any) -> dict[str, Any]:
    other = ApplicationFactory(
        call=application.call, wave=application.wave, strand=application.strand
    )
    return {"pole_id": other.pole_id}


def numbered() -> Any:
    return ApplicationFactory(file_number="12345678")


def twice_the_number(application: Any) -> dict[str, Any]:
    other = ApplicationFactory(call=application.call, file_number="12345679")
    return {"file_number": other.file_number}


def evaluated_already(evaluation: Any) -> dict[str, Any]:
    EvaluationFactory(application=evaluation.application, kind="finale")
    return {"kind": "finale"}


def told() -> DueTold:
    return DueTold.objects.create(application=ApplicationFactory(), thing="evaluation")


def told_already(row: DueTold) -> dict[str, Any]:
    DueTold.objects.create(application=row.application, thing="silence")
    return {"thing": "silence"}


BREAKS = cases(
    Break("calls_call_code_form", CallFactory, {"code": "AMI_2021"}),
    Break("calls_call_values", CallFactory, {"kind": "jeu"}),
    Break("calls_call_values", CallFactory, {"composition_rule": "au-hasard"}),
    Break("calls_call_dates", CallFactory, {"opens_on": LATE, "closes_on": EARLY}),
    Break("calls_call_dates", CallFactory, {"opens_on": LATE, "results_on": EARLY}),
    Break("calls_call_amounts", CallFactory, {"envelope_eur": -1}),
    Break("calls_call_amounts", CallFactory, {"award_max_eur": -1}),
    Break("calls_call_amounts", CallFactory, {"award_min_eur": 2, "award_max_eur": 1}),
    Break("calls_wave_code", WaveFactory, lambda wave: {"code": WaveFactory(call=wave.call).code}),
    Break("calls_wave_dates", WaveFactory, {"opens_on": LATE, "closes_on": EARLY}),
    Break(
        "calls_strand_code",
        StrandFactory,
        lambda strand: {"code": StrandFactory(call=strand.call).code},
    ),
    Break(
        "calls_calldocument_once",
        CallDocumentFactory,
        lambda document: {"url": CallDocumentFactory(call=document.call).url},
    ),
    Break("calls_calldocument_said", CallDocumentFactory, {"title": ""}),
    Break("calls_calldocument_said", CallDocumentFactory, {"url": "javascript:alert(1)"}),
    # An absent wave or strand is one and the same.
    Break("calls_application_once", ApplicationFactory, same_as),
    Break("calls_application_once", complete, same_as),
    Break("calls_application_values", ApplicationFactory, {"decision": "peut-être"}),
    Break("calls_application_values", ApplicationFactory, {"opinion": "mitigé"}),
    Break("calls_application_amount", ApplicationFactory, {"amount_eur": 1000}),
    Break(
        "calls_application_amount", ApplicationFactory, {"amount_eur": -1, "decision": "laureat"}
    ),
    Break("calls_application_file_number", numbered, twice_the_number),
    Break("calls_application_requested", ApplicationFactory, {"requested_eur": -1}),
    Break("calls_application_reasons", ApplicationFactory, {"admissible": False}),
    Break("calls_application_reasons", ApplicationFactory, {"eligible": False}),
    Break(
        "calls_application_dates", ApplicationFactory, {"received_on": LATE, "decided_on": EARLY}
    ),
    Break("calls_instalment_amount", InstalmentFactory, {"amount_eur": 0}),
    Break("calls_instalment_amount", InstalmentFactory, {"state": "perdu"}),
    Break("calls_instalment_state", InstalmentFactory, {"state": "verse"}),
    Break("calls_instalment_state", InstalmentFactory, {"state": "suspendu"}),
    Break("calls_platformimport_content", PlatformImportFactory, {"applied_at": "2026-01-01"}),
    Break("calls_evaluation_kind", EvaluationFactory, {"kind": "rumeur"}),
    Break("calls_evaluation_date", EvaluationFactory, {"held_on": None, "text": ""}),
    Break("calls_evaluation_held", EvaluationFactory, {"text": ""}),
    Break("calls_evaluation_held", EvaluationFactory, {"planned_on": LATE, "held_on": None}),
    Break("calls_evaluation_author", EvaluationFactory, {"kind": "finale", "author": ""}),
    Break("calls_evaluation_final", EvaluationFactory, evaluated_already),
    Break("calls_duetold_once", told, told_already),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


@pytest.mark.parametrize(("column", "factory"), [("wave", WaveFactory), ("strand", StrandFactory)])
def test_a_wave_and_a_strand_are_those_of_the_call(column: str, factory: Any) -> None:
    with refused("calls_application_same_call"):
        update(ApplicationFactory(), **{f"{column}_id": factory().pk})


def test_a_call_s_code_is_its_own() -> None:
    with pytest.raises(Exception, match="calls_call_code"):
        update(CallFactory(), code=CallFactory().code)


@with_database
@given(slug=slugs)
def test_codes(slug: str) -> None:
    check_slugs("calls_call_code_form", CallFactory, slug, column="code")
