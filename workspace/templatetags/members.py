"""How the pages of members tell one organisation from another."""

from datetime import date

from django import template

from core.typed import typed_day
from members.kinds import OrganisationKind
from poles.models import MembershipRole
from workspace.members.planning import PlannedMember
from workspace.members.searching import told_of, told_of_unit

register = template.Library()
register.filter("organisation_told", told_of)
register.filter("unit_told", told_of_unit)


@register.filter
def membership_told(planned: PlannedMember) -> str:
    """What a line of a list would write: the role, the period, the nature of who is to be made."""
    if planned.change is None:
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
