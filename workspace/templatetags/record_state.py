"""What the record's page shows of its state: who did what last, and what may be done now."""

from typing import Any

from django import template
from django.template import Context

from networks.permissions import can_comment, can_propose, can_write
from poles.models import Pole, RecordState
from workspace.acts import acts_for, networks_that_could_take

register = template.Library()
_SHOWN = 5


@register.inclusion_tag("workspace/record/_state.html", takes_context=True)
def record_state(context: Context, pole: Pole) -> dict[str, Any]:
    """Two statements at most: its last steps, and the networks that could take it in charge."""
    request = context["request"]
    user: Any = request.user
    writes = can_write(user, pole)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "pole": pole,
        "published": pole.record_state == RecordState.PUBLISHED,
        "acts": acts_for(user, pole),
        "steps": list(pole.record_steps.select_related("by", "network")[:_SHOWN]),
        "takes": networks_that_could_take(user, pole),
        "confirms": bool(writes or can_propose(user, pole)),
        "writes": writes,
        "asks": pole.record_state == RecordState.PUBLISHED
        and bool(pole.contact_email)
        and bool(can_comment(user, pole)),
    }
