"""From the rows of applications to the plain values of ``calls/eligibility.py``, many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from calls.eligibility import (
    Advice,
    Calendar,
    Conditions,
    File,
    Person,
    Support,
    admissibility,
    eligibility,
)
from calls.models import Application, Call, CallKind, Decision
from poles.article9 import RULES
from poles.composition import assess_pole, organisation_facts
from poles.models import Membership

_SUPPORTS = {Decision.LAUREATE: True, Decision.SUPPORTED: False}


@dataclass(frozen=True)
class Advices:
    admissibility: Advice
    eligibility: Advice


def with_evidence(applications: QuerySet[Application]) -> QuerySet[Application]:
    """``applications`` with all that their advice reads, in three statements more."""
    memberships = Membership.objects.select_related("organisation").order_by("id")
    others = Application.objects.select_related("call").order_by("id")
    return applications.select_related(
        "call", "wave", "strand", "beneficiary", "pole__seat"
    ).prefetch_related(
        Prefetch("pole__memberships", memberships),
        Prefetch("pole__applications", others),
        "pole__coverage",
    )


def advise(
    applications: Iterable[Application], day: date, parts: tuple[bool, bool]
) -> dict[int, Advices]:
    """The advice on each, by its number. ``parts``: whether the call has waves, and strands."""
    return {
        each.pk: Advices(_admissibility(each, parts), _eligibility(each, day))
        for each in applications
    }


def _admissibility(application: Application, parts: tuple[bool, bool]) -> Advice:
    missing = [
        name
        for name, asked, given in zip(
            ("la vague", "le volet"), parts, (application.wave, application.strand), strict=True
        )
        if asked and given is None
    ]
    beneficiary = application.beneficiary
    timed: Any = application.wave or application.call
    return admissibility(
        File(
            application.received_on,
            beneficiary.name if beneficiary else "",
            ", ".join(missing),
        ),
        Calendar(timed.opens_on, timed.closes_on),
    )


def _eligibility(application: Application, day: date) -> Advice:
    call, pole, beneficiary = application.call, application.pole, application.beneficiary
    rule = RULES[call.composition_rule]
    person = None
    if beneficiary is not None:
        facts = organisation_facts(beneficiary)
        person = Person(
            beneficiary.name,
            beneficiary.legal_category,
            beneficiary.kind,
            facts["is_legal_person"],
        )
    places = [pole.seat] if pole.seat else list(pole.coverage.all())
    territory = ", ".join(place.name for place in places) or pole.coverage_words
    return eligibility(
        assess_pole(pole, rule, day, memberships=pole.memberships.all()),
        Conditions(call.private_law_required, call.first_support_required),
        person,
        _supports(application, pole.applications.all()),
        territory,
    )


def _supports(application: Application, others: Iterable[Application]) -> Sequence[Support]:
    """By the State, in another call: nobody knows the order of two calls without dates."""
    return [
        Support(other.call.name, _SUPPORTS[Decision(other.decision)])
        for other in sorted(others, key=lambda each: each.call.code)
        if other.call_id != application.call_id
        and other.call.kind == CallKind.STATE
        and other.decision in _SUPPORTS
        and not _is_later(other.call, application.call)
    ]


def _is_later(other: Call, call: Call) -> bool:
    return bool(other.opens_on and call.opens_on and other.opens_on > call.opens_on)
