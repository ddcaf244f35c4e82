"""An officer concludes on an application, by name, beside what the registry advises."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calls.advice import advise, with_evidence
from calls.eligibility import Advice
from calls.models import (
    Application,
    Decision,
    Examination,
    ExaminationSubject,
    Strand,
    Wave,
)
from calls.permissions import can_run_calls
from networks.models import User

DECIDED = "Le dossier est décidé\u00a0: son examen est clos."
_COLUMNS = {
    ExaminationSubject.ADMISSIBILITY: ("admissible", "admissible_reason"),
    ExaminationSubject.ELIGIBILITY: ("eligible", "eligible_reason"),
}


def examine(
    application: Application,
    subject: ExaminationSubject,
    conclusion: bool,
    *,
    officer: User,
    reason: str = "",
) -> Examination:
    """Writes the conclusion and keeps it with the advice of the day.

    Raises ValidationError: without a reason where it differs from the advice, or once decided.
    """
    allowed = can_run_calls(officer)
    if not allowed:
        raise ValidationError(allowed.reason)
    reason = reason.strip()
    with transaction.atomic():
        # Locked first, read whole after: what the advice reads may be of any table.
        Application.objects.select_for_update().get(pk=application.pk)
        locked = with_evidence(Application.objects.all()).get(pk=application.pk)
        if locked.decision != Decision.UNKNOWN:
            raise ValidationError(DECIDED)
        advice = advice_on(locked, subject)
        if advice.advised is not conclusion and not reason:
            raise ValidationError(
                "Votre conclusion s’écarte du conseil du registre\u00a0: dites pourquoi."
                if advice.advised is not None
                else "Le registre ne peut conseiller\u00a0: dites sur quoi repose votre conclusion."
            )
        kept = Examination.objects.create(
            application=locked,
            subject=subject,
            conclusion=conclusion,
            advised=advice.advised,
            findings=[finding.as_json() for finding in advice.findings],
            reason=reason,
            officer=officer,
        )
        column, words = _COLUMNS[subject]
        setattr(locked, column, conclusion)
        setattr(locked, words, reason or ("" if conclusion else advice.against))
        locked.save(update_fields=[column, words])
    return kept


def attest(application: Application, on: date, words: str, *, officer: User) -> None:
    """An officer's word, dated, where the registry cannot tell whether the composition holds."""
    allowed = can_run_calls(officer)
    if not allowed:
        raise ValidationError(allowed.reason)
    if on > timezone.localdate():
        raise ValidationError("Une attestation ne se date pas d’un jour à venir.")
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application.pk)
        if locked.decision != Decision.UNKNOWN:
            raise ValidationError(DECIDED)
        locked.attested_on, locked.attestation, locked.attested_by = on, words.strip(), officer
        locked.save(update_fields=["attested_on", "attestation", "attested_by"])


def advice_on(application: Application, subject: ExaminationSubject) -> Advice:
    """Of an application that comes `with_evidence`."""
    call = application.call
    parts = (
        Wave.objects.filter(call=call).exists(),
        Strand.objects.filter(call=call).exists(),
    )
    advices = advise([application], timezone.localdate(), parts)[application.pk]
    if subject == ExaminationSubject.ADMISSIBILITY:
        return advices.admissibility
    return advices.eligibility
