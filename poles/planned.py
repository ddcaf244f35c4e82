"""A composition as it would be: rows of members that are not saved, some of organisations to come.

Nothing is stored nor read: whoever calls gives the organisations.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from members.creating import stated_of
from members.kinds import facts_of
from members.models import Organisation
from poles.article9 import MINIMUM, Assessment, Composition, Member, assess
from poles.composition import organisation_facts
from poles.models import MembershipRole, Pole

Rows = Mapping[str, Mapping[str, Any]]
"""Values of members by key, as ``poles.record`` holds them."""


def organisations_in(rows: Rows) -> set[int]:
    """The organisations of the registry that the rows name."""
    named = (row.get("organisation") for row in rows.values())
    return {each for each in named if isinstance(each, int)}


def assess_rows(pole: Pole, rows: Rows, organisations: Mapping[int, Organisation]) -> Assessment:
    """The verdict of today if ``rows`` were all the members of the pole.

    The key of a member is its organisation's, or for one that is to be made a negative number: the
    place of its row, from -1.
    """
    members = [
        made
        for place, row in enumerate(rows.values(), start=1)
        if (made := _member(row, organisations, -place)) is not None
    ]
    composition = Composition(members, pole.members_confirmed_on, pole.legal_person_id)
    today = timezone.localdate()
    return assess(composition, MINIMUM, today, today)


def facts_of_new(values: Mapping[str, Any]) -> dict[str, bool | None]:
    """The facts of an organisation that is to be made (``members.creating``)."""
    stated = stated_of(values)
    return facts_of(stated["kind"], stated)


def _member(
    row: Mapping[str, Any], organisations: Mapping[int, Organisation], new: int
) -> Member | None:
    named = row.get("organisation")
    takes_part = row.get("role") != MembershipRole.PARTNER
    begins, ends = _day(row.get("begins_on")), _day(row.get("ends_on"))
    if isinstance(named, Mapping):
        name = str(named.get("name") or "")
        return Member(new, name, facts_of_new(named), takes_part, begins, ends)
    known = organisations.get(named) if isinstance(named, int) else None
    if known is None:
        return None
    facts = organisation_facts(known)
    return Member(known.pk, known.name, facts, takes_part, begins, ends, known.closed_on)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
