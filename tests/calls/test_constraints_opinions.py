"""Opinions, examinations and sessions: who may say what, and when."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.breaking import Break, as_server, cases, check_form, check_sql, refused, run, update
from tests.call_factories import (
    CallNetworkFactory,
    DecisionSessionFactory,
    ExaminationFactory,
    NetworkPersonFactory,
    RegionalOpinionFactory,
    call_at,
    file_of,
    laureate,
    named,
)
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    CommuneFactory,
    MembershipFactory,
    NetworkStaffFactory,
    OrganisationFactory,
    PoleNetworkFactory,
    StrandFactory,
    UserFactory,
    WaveFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
Settle = Callable[[], None]


def same_named(row: Any) -> dict[str, Any]:
    other = CallNetworkFactory(call=row.call, region=row.region)
    return {"network_id": other.network_id}


def same_opinion(row: Any) -> dict[str, Any]:
    other = RegionalOpinionFactory(application=row.application)
    return {"network_id": other.network_id, "author_id": other.author_id}


BREAKS = cases(
    Break("calls_call_state", CallFactory, {"state": "ouvert"}),
    Break("calls_wave_state", WaveFactory, {"state": "ailleurs"}),
    Break("calls_wave_amount", WaveFactory, {"envelope_eur": -1}),
    Break("calls_strand_amount", StrandFactory, {"envelope_eur": -1}),
    Break("calls_application_attestation", ApplicationFactory, {"attested_on": "2024-01-01"}),
    Break("calls_application_attestation", ApplicationFactory, {"attestation": "Vu."}),
    Break("calls_callnetwork_once", CallNetworkFactory, same_named),
    Break("calls_decisionsession_committee", DecisionSessionFactory, {"committee": ""}),
    Break("calls_regionalopinion_once", RegionalOpinionFactory, same_opinion),
    Break(
        "calls_regionalopinion_value", RegionalOpinionFactory, {"opinion": "mitigé", "text": "…"}
    ),
    Break("calls_regionalopinion_reason", RegionalOpinionFactory, {"opinion": "reserve"}),
    Break("calls_regionalopinion_rank", RegionalOpinionFactory, {"rank": 0}),
)


@BREAKS
def test_database_refuses(case: Break) -> None:
    check_sql(case)


@BREAKS
def test_form_says_why(case: Break) -> None:
    check_form(case)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("calls_examination_subject", {"subject": "humeur"}),
        ("calls_examination_reason", {"advised": False, "reason": ""}),
        ("calls_examination_reason", {"advised": None, "reason": ""}),
    ],
)
def test_an_examination_says_why_it_differs(rule: str, values: dict[str, Any]) -> None:
    with refused(rule):
        ExaminationFactory(**values)


def test_an_examination_is_kept() -> None:
    row = ExaminationFactory()
    with as_server(), refused("calls_examination_kept"):
        update(row, conclusion=False)
    with as_server(), refused("calls_examination_kept"):
        run("DELETE FROM calls_examination WHERE id = %s", row.pk)
    update(row, officer_id=None)


def test_an_examination_is_an_officers() -> None:
    for officer in (None, UserFactory(), UserFactory(officer=True, is_active=False)):
        with refused("calls_examination_officer"):
            ExaminationFactory(officer=officer)


def test_a_file_says_what_was_concluded_last(settle: Settle) -> None:
    rule, call = "calls_application_concluded", call_at()
    with refused(rule):
        ApplicationFactory(call=call, admissible=True)
        settle()
    file = file_of(call)
    settle()
    with refused(rule):
        update(file, eligible=False, eligible_reason="Hors délai.")
        settle()
    with refused(rule):
        ExaminationFactory(application=file, conclusion=False, advised=False)
        settle()
    ExaminationFactory(application=file, conclusion=False, advised=False)
    update(file, eligible=False, eligible_reason="Sa composition ne satisfait pas la règle.")
    settle()
    # What was decided before the registry was examined elsewhere.
    ApplicationFactory(call=CallFactory(), admissible=True, imported=True)
    settle()


def test_a_missing_opinion_blocks_the_decision(settle: Settle) -> None:
    call = call_at(opinion_required=True)
    file = file_of(call)
    rule = "calls_application_opinion"
    with refused(rule):
        laureate(file, 1)
        settle()
    first, second = named(file), named(file)
    RegionalOpinionFactory(application=file, network=first)
    with refused(rule):
        update(file, decision="refuse", decided_on=TODAY)
        settle()
    # Who accompanies the pole is not waited for.
    PoleNetworkFactory(pole=file.pole, network=second)
    laureate(file, 1)
    settle()
    # What was found not eligible needs no opinion, nor what the call waives.
    update(
        file_of(call, eligible=False, eligible_reason="Non."), decision="refuse", decided_on=TODAY
    )
    update(call, opinion_required=False)
    laureate(file_of(call), 1)
    settle()


def test_an_opinion_comes_before_the_decision() -> None:
    opinion = RegionalOpinionFactory()
    update(opinion, rank=2)
    update(opinion.application, decision="refuse", decided_on=TODAY)
    rule = "calls_regionalopinion_time"
    with refused(rule):
        update(opinion, rank=1)
    with refused(rule):
        run("DELETE FROM calls_regionalopinion WHERE id = %s", opinion.pk)
    with refused(rule):
        RegionalOpinionFactory(application=opinion.application)
    # An account that is erased leaves its opinions.
    update(opinion, author_id=None)


def test_an_opinion_is_that_of_a_network_named_there() -> None:
    file = file_of(call_at())
    elsewhere = CallNetworkFactory(call=file.call, region=CommuneFactory().region)
    with refused("calls_regionalopinion_named"):
        RegionalOpinionFactory(application=file, network=elsewhere.network)
    with refused("calls_regionalopinion_author"):
        RegionalOpinionFactory(application=file, network=named(file), author=UserFactory())
    RegionalOpinionFactory(application=file, network=named(file), author=UserFactory(officer=True))


def test_nobody_gives_an_opinion_on_what_is_theirs() -> None:
    file = file_of(call_at())
    rule = "calls_regionalopinion_conflict"
    accompanies = named(file)
    PoleNetworkFactory(pole=file.pole, network=accompanies)
    with refused(rule):
        RegionalOpinionFactory(application=file, network=accompanies)
    # Nor may a member of its staff give it for another network.
    colleague = NetworkStaffFactory(network=accompanies).user
    free = named(file)
    NetworkStaffFactory(network=free, user=colleague)
    with refused(rule):
        RegionalOpinionFactory(application=file, network=free, author=colleague)
    # Nor one whose organisation is in the pole, known by its name or told.
    by_name = named(file)
    organisation = OrganisationFactory(name=by_name.name.upper())
    membership = MembershipFactory(pole=file.pole, organisation=organisation)
    with refused(rule):
        RegionalOpinionFactory(application=file, network=by_name)
    update(membership, role="partenaire")
    RegionalOpinionFactory(application=file, network=by_name)
    told = named(file)
    person = NetworkPersonFactory(network=told)
    MembershipFactory(pole=file.pole, organisation=person.organisation, role="porteur")
    with refused(rule):
        RegionalOpinionFactory(application=file, network=told)
    # Keeping the record of a pole is no interest in it.
    keeps = named(file)
    update(file.pole, reference_network_id=keeps.pk)
    RegionalOpinionFactory(application=file, network=keeps)
