"""An officer concludes on an application, beside what the registry advised."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from calls.examining import examine
from calls.models import Application, Call, Decision, ExaminationSubject
from tests.breaking import update
from tests.call_factories import call_at, file_of, satisfied_pole
from tests.factories import (
    ApplicationFactory,
    OrganisationFactory,
    PoleFactory,
    StrandFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ADMISSIBILITY, ELIGIBILITY = ExaminationSubject.ADMISSIBILITY, ExaminationSubject.ELIGIBILITY


def received(call: Call, **values: Any) -> Application:
    given = {
        "received_on": date(2023, 2, 1),
        "beneficiary": OrganisationFactory(kind="association"),
        "admissible": None,
        "eligible": None,
        **values,
    }
    return file_of(call, **given)


def officer() -> Any:
    return UserFactory(officer=True)


def test_what_agrees_with_the_advice_needs_no_reason() -> None:
    call = call_at(composition_rule="minimum", opens_on=date(2023, 1, 1))
    file, person = received(call, pole=satisfied_pole()), officer()
    for subject in (ADMISSIBILITY, ELIGIBILITY):
        kept = examine(file, subject, True, officer=person)
        assert (kept.advised, kept.conclusion, kept.reason) == (True, True, "")
        assert kept.officer == person
    file.refresh_from_db()
    assert (file.admissible, file.eligible, file.eligible_reason) == (True, True, "")
    assert [each["met"] for each in kept.findings] == [True, True]


def test_who_departs_from_the_advice_says_why_and_the_advice_is_kept() -> None:
    call = call_at(composition_rule="minimum")
    file = received(call, pole=PoleFactory(members_confirmed_on=date(2023, 1, 1)))
    with pytest.raises(ValidationError, match="dites pourquoi"):
        examine(file, ELIGIBILITY, True, officer=officer())
    kept = examine(file, ELIGIBILITY, True, officer=officer(), reason="Membres en cours de saisie.")
    assert kept.advised is False
    file.refresh_from_db()
    assert (file.eligible, file.eligible_reason) == (True, "Membres en cours de saisie.")
    # The other way is the registry's own, and says it in its words.
    examine(file, ELIGIBILITY, False, officer=officer())
    file.refresh_from_db()
    assert file.eligible is False
    assert "ne satisfait pas la composition minimale" in file.eligible_reason
    assert file.examinations.count() == 2


def test_what_the_registry_cannot_tell_is_concluded_with_a_reason() -> None:
    file = received(call_at(), received_on=None)
    with pytest.raises(ValidationError, match="ne peut conseiller"):
        examine(file, ADMISSIBILITY, True, officer=officer())
    examine(file, ADMISSIBILITY, True, officer=officer(), reason="Cachet de la poste.")


def test_a_call_with_strands_wants_each_file_in_one() -> None:
    call = call_at()
    strand = StrandFactory(call=call)
    with pytest.raises(ValidationError):
        examine(received(call), ADMISSIBILITY, True, officer=officer())
    examine(received(call, strand=strand), ADMISSIBILITY, True, officer=officer())


def test_supports_of_the_state_in_earlier_calls_are_known() -> None:
    call = call_at(first_support_required=True, opens_on=date(2023, 1, 1))
    file = received(call)
    earlier = Call.objects.get(code="aap-2013")
    row = ApplicationFactory(pole=file.pole, call=earlier, decision="laureat", imported=True)
    kept = examine(file, ELIGIBILITY, False, officer=officer())
    assert kept.advised is False
    assert earlier.name in Application.objects.get(pk=file.pk).eligible_reason
    update(row, decision="inconnue")
    assert examine(file, ELIGIBILITY, True, officer=officer()).advised is True


def test_a_decided_file_is_examined_no_more() -> None:
    file = received(call_at())
    update(file, decision=Decision.REFUSED, decided_on=timezone.localdate())
    with pytest.raises(ValidationError, match="est clos"):
        examine(file, ADMISSIBILITY, True, officer=officer(), reason="Trop tard.")


def test_only_officers_conclude() -> None:
    with pytest.raises(ValidationError, match="agent du ministère"):
        examine(received(call_at()), ADMISSIBILITY, True, officer=UserFactory(), reason="Moi.")
