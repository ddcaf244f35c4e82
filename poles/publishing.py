"""The states of a record, from draft to archive: one transaction each, on the locked row.

The database refuses what does not follow, or was done by someone who may not, and keeps each step
(``poles/sql/steps.sql``). Each function raises PermissionDenied with its reason in French, and
ValidationError for what is missing or came too late.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError

from core.allowed import Allowed
from networks.models import Network, User
from networks.permissions import (
    MERGED,
    can_archive,
    can_publish,
    can_submit,
    can_take_as_reference,
)
from poles import record_notices
from poles.models import Pole, RecordState, RecordStep
from poles.record.writing import told_in_french

# What a record can become, in the words of who reads that it cannot.
_TOO_LATE = "La fiche a changé d’état entre-temps\u00a0: elle est maintenant «\u00a0{}\u00a0»."


def lacking(pole: Pole) -> list[str]:
    """What publishing asks for and the record does not have yet."""
    asked = {
        "un résumé ou une description\u00a0: ce que fait le pôle": pole.summary or pole.description,
        "un siège ou un territoire d’action\u00a0: où il agit": pole.seat_id
        or pole.coverage_words
        or pole.coverage.exists(),
        "un membre au moins\u00a0: qui le compose": pole.memberships.exists(),
    }
    return [what for what, found in asked.items() if not found]


def submit(pole: Pole, *, by: User, reason: str = "") -> Pole:
    """Hands a draft to those who may publish it."""
    with _step(pole, by, reason, RecordState.DRAFT) as locked:
        _check(can_submit(by, locked))
        _check_complete(locked)
        _move(locked, RecordState.SUBMITTED)
        record_notices.tell_of_submission(locked, by, reason)
    return locked


def publish(pole: Pole, *, by: User, reason: str = "") -> Pole:
    """Shows the record to everyone."""
    with _step(pole, by, reason, RecordState.DRAFT, RecordState.SUBMITTED) as locked:
        _check(can_publish(by, locked))
        _check_complete(locked)
        submitted = _last_submission(locked)
        _move(locked, RecordState.PUBLISHED)
        record_notices.tell_of_publication(locked, by, submitted)
    return locked


def refuse(pole: Pole, *, by: User, reason: str) -> Pole:
    """Sends a submitted record back to its author, with what is to be done."""
    with _step(pole, by, reason, RecordState.SUBMITTED) as locked:
        _check(can_publish(by, locked))
        _check_reason(reason)
        submitted = _last_submission(locked)
        _move(locked, RecordState.DRAFT)
        record_notices.tell_of_refusal(locked, by, submitted, reason.strip())
    return locked


def take_back(pole: Pole, *, by: User, reason: str = "") -> Pole:
    """A record that waits for its publication becomes a draft again, for its author to change."""
    with _step(pole, by, reason, RecordState.SUBMITTED) as locked:
        _check(can_submit(by, locked))
        _move(locked, RecordState.DRAFT)
    return locked


def archive(pole: Pole, *, by: User, reason: str) -> Pole:
    """Takes the record from the public; its address tells ``reason`` from now on."""
    with _step(pole, by, reason, RecordState.PUBLISHED) as locked:
        _check(can_archive(by, locked))
        _check_reason(reason)
        _move(locked, RecordState.ARCHIVED, archive_reason=reason.strip())
        record_notices.tell_of_archiving(locked, by, reason.strip())
    return locked


def restore(pole: Pole, *, by: User, reason: str) -> Pole:
    """Makes a draft of an archived record, which is read again before it is published."""
    with _step(pole, by, reason, RecordState.ARCHIVED) as locked:
        _check(can_archive(by, locked))
        _check_reason(reason)
        if locked.merged_into_id is not None:
            raise ValidationError(MERGED)
        _move(locked, RecordState.DRAFT, archive_reason="")
    return locked


def take_as_reference(pole: Pole, network: Network, *, by: User, reason: str = "") -> Pole:
    """The network answers for the record from now on."""
    with _step(pole, by, reason, *RecordState) as locked:
        _check(can_take_as_reference(by, locked, network.pk))
        if locked.reference_network_id == network.pk:
            raise ValidationError("Ce réseau a déjà la charge de cette fiche.")
        locked.reference_network = network
        locked.save(update_fields=["reference_network", "version"])
    return locked


def discard(pole: Pole, *, by: User) -> None:
    """Erases a draft that was never published, such as a double made by mistake."""
    try:
        with _step(pole, by, "", RecordState.DRAFT) as locked:
            _check(can_publish(by, locked))
            locked.delete()
    except ProtectedError as error:
        raise ValidationError(
            "Ce brouillon ne peut pas être effacé : autre chose y renvoie."
        ) from error


@contextmanager
def _step(pole: Pole, by: User, reason: str, *states: RecordState) -> Iterator[Pole]:
    """The locked pole, in one of ``states``; the history says who, and why."""
    with pghistory.context(user=by.pk, why=reason.strip()), told_in_french():
        locked = Pole.objects.select_for_update(of=("self",)).get(pk=pole.pk)
        if locked.record_state not in states:
            raise ValidationError(_TOO_LATE.format(locked.get_record_state_display()))
        yield locked


def _move(locked: Pole, state: RecordState, **values: str) -> None:
    locked.record_state = state
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=["record_state", *values, "version"])


def _check(allowed: Allowed) -> None:
    if not allowed:
        raise PermissionDenied(allowed.reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError("Dites pourquoi\u00a0: les personnes concernées liront ce motif.")


def _check_complete(locked: Pole) -> None:
    missing = lacking(locked)
    if missing:
        raise ValidationError([f"Il manque {what}." for what in missing])


def _last_submission(locked: Pole) -> RecordStep | None:
    steps = locked.record_steps.filter(after=RecordState.SUBMITTED)
    return steps.select_related("by").first()
