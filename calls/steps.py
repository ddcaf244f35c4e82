"""A call moves from step to step, and each wave of a permanent call on its own.

The database refuses what does not follow (``calls/sql/steps.sql``).
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from calls.models import NEXT_STATES, NEXT_STATES_PERMANENT, Call, CallState, Wave
from calls.permissions import can_run_calls
from core.admin.refusals import refusal
from networks.models import User

_ACTS = {
    (CallState.PREPARING, CallState.OPEN): "Ouvrir",
    (CallState.OPEN, CallState.PREPARING): "Revenir à la préparation",
    (CallState.OPEN, CallState.REVIEW): "Passer à l’instruction",
    (CallState.OPEN, CallState.CLOSED): "Clore",
    (CallState.REVIEW, CallState.OPEN): "Rouvrir au dépôt",
    (CallState.REVIEW, CallState.DECIDED): "Dire l’appel décidé",
    (CallState.DECIDED, CallState.REVIEW): "Reprendre l’instruction",
    (CallState.DECIDED, CallState.CLOSED): "Clore",
    (CallState.CLOSED, CallState.DECIDED): "Rouvrir",
    (CallState.CLOSED, CallState.OPEN): "Rouvrir",
}


def next_steps(moved: Call | Wave) -> Sequence[tuple[str, str]]:
    """Where it may go from here, the usual way first, each with the words of its button."""
    permanent = isinstance(moved, Call) and moved.permanent
    if isinstance(moved, Call) and not moved.run_in_registry:
        return []
    following = (NEXT_STATES_PERMANENT if permanent else NEXT_STATES).get(moved.state, ())
    return [(to, _ACTS[CallState(moved.state), to]) for to in following]


def move(moved: Call | Wave, to: str, officer: User) -> None:
    """One step, on the locked row; raises ValidationError with the reason."""
    allowed = can_run_calls(officer)
    if not allowed:
        raise ValidationError(allowed.reason)
    try:
        with transaction.atomic():
            manager = type(moved)._default_manager
            locked = manager.select_for_update(of=("self",)).get(pk=moved.pk)
            if to not in [step for step, _ in next_steps(locked)]:
                raise ValidationError("L’étape a changé entre-temps\u00a0: regardez de nouveau.")
            locked.state = to
            locked.save(update_fields=["state"])
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        raise ValidationError(message) from error
    moved.state = to
