"""From the rows of a pole to the plain values of ``poles/article9.py``, and its assessment."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from members.kinds import FACTS, facts_of
from members.models import Organisation
from poles.article9 import MINIMUM, Assessment, Composition, Member, Rule, assess
from poles.models import Membership, MembershipRole, Pole
from poles.settling import Question, settlements


def member_of(membership: Membership, *, masked: bool = False) -> Member:
    """A membership as plain values; ``masked``: under the name that a public page may write."""
    organisation = membership.organisation
    return Member(
        key=organisation.pk,
        name=organisation.public_name if masked else organisation.name,
        facts=organisation_facts(organisation),
        takes_part=membership.role != MembershipRole.PARTNER,
        begins_on=membership.begins_on,
        ends_on=membership.ends_on,
        closed_on=organisation.closed_on,
    )


def organisation_facts(organisation: Organisation) -> dict[str, bool | None]:
    stored = {fact: getattr(organisation, fact) for fact in FACTS}
    return facts_of(organisation.kind, stored)


def composition_of(
    pole: Pole, memberships: Iterable[Membership] | None = None, *, masked: bool = False
) -> Composition:
    """All the members of a pole; one statement, unless ``memberships`` come with organisations."""
    if memberships is None:
        memberships = pole.memberships.select_related("organisation").order_by("id")
    return Composition(
        members=[member_of(each, masked=masked) for each in memberships],
        confirmed_on=pole.members_confirmed_on,
        own_person=pole.legal_person_id,
    )


def assess_pole(
    pole: Pole,
    rule: Rule = MINIMUM,
    day: date | None = None,
    *,
    memberships: Iterable[Membership] | None = None,
    masked: bool = False,
) -> Assessment:
    """The pole's verdict on ``day`` (today in Paris if not given), with its reasons."""
    today = timezone.localdate()
    composition = composition_of(pole, memberships, masked=masked)
    return assess(composition, rule, day or today, today)


def settling(assessment: Assessment) -> tuple[tuple[Question, ...], ...]:
    """What would settle an undetermined assessment; see ``poles/settling.py``."""
    today = timezone.localdate()
    return settlements(assessment.composition, assessment.rule, assessment.day, today)
