"""How the pages of members tell one organisation from another."""

from datetime import date
from typing import Any

from django import template
from django.template import Context

from core.typed import typed_day
from members.kinds import OrganisationKind
from poles.models import MembershipRole, Pole
from poles.record import COLLECTIONS
from workspace.members.panel import panel_context
from workspace.members.planning import PlannedMember
from workspace.members.searching import told_of, told_of_unit

register = template.Library()
register.filter("organisation_told", told_of)
register.filter("unit_told", told_of_unit)


@register.inclusion_tag("workspace/members/_beside.html", takes_context=True)
def composition_beside(context: Context, pole: Pole, answers: object) -> dict[str, Any]:
    """The panel of what is saved, its questions answered there by who may (``answers``).

    One statement.
    """
    members = COLLECTIONS["members"]
    rows = members.all(pole)
    shown = panel_context(
        pole,
        {members.key(row): members.read(row) for row in rows},
        {row.organisation_id: row.organisation for row in rows},
    )
    return {
        **shown,
        "asked": shown["asked"] if answers else [],
        "answer_form": "reponse_form",
        "pole": pole,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def membership_told(planned: PlannedMember) -> str:
    """Who would come by a line of a list: the role, the period, the nature of who is to be made."""
    if planned.change is None or planned.change.before is not None:
        return ""
    value = planned.change.after
    told = [str(MembershipRole(value["role"]).label)]
    if value["begins_on"]:
        told.append(f"depuis {typed_day(date.fromisoformat(value['begins_on']))}")
    if value["ends_on"]:
        told.append(f"jusqu’à {typed_day(date.fromisoformat(value['ends_on']), last=True)}")
    described = value["organisation"]
    if isinstance(described, dict):
        told.append(str(OrganisationKind(described.get("kind") or "inconnu").label))
        if described.get("siren"):
            told.append(f"SIREN {described['siren']}")
    return ", ".join(told)
