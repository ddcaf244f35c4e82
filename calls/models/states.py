"""The steps of a call, and of each wave of a permanent one."""

from django.db import models


class CallState(models.TextChoices):
    PREPARING = "preparation", "en préparation"
    OPEN = "ouvert", "ouvert"
    REVIEW = "instruction", "en instruction"
    DECIDED = "decide", "décidé"
    CLOSED = "clos", "clos"


# What follows what: repeated by calls/sql/steps.sql, which refuses the rest.
NEXT_STATES: dict[str, tuple[CallState, ...]] = {
    CallState.PREPARING: (CallState.OPEN,),
    CallState.OPEN: (CallState.REVIEW, CallState.PREPARING),
    CallState.REVIEW: (CallState.DECIDED, CallState.OPEN),
    CallState.DECIDED: (CallState.CLOSED, CallState.REVIEW),
    CallState.CLOSED: (CallState.DECIDED,),
}
# The waves of a permanent call are examined and decided, never the call itself.
NEXT_STATES_PERMANENT: dict[str, tuple[CallState, ...]] = {
    CallState.PREPARING: (CallState.OPEN,),
    CallState.OPEN: (CallState.CLOSED, CallState.PREPARING),
    CallState.CLOSED: (CallState.OPEN,),
}
