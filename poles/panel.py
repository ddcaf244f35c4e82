"""What a page shows of a composition: the roles, who holds them, what is unknown, and why."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from members.models import Organisation, PublicationStatus
from poles.article9 import Assessment, Member, candidates
from poles.composition import assess_pole, settling
from poles.models import CompositionVerdict, Membership, Pole
from poles.sentences import headline, question, sentences
from poles.settling import Question

_MOST_NAMES = 8


@dataclass(frozen=True)
class Named:
    """A member; ``organisation`` is there to be linked."""

    name: str
    organisation: Organisation | None = None

    @property
    def url(self) -> str:
        """Its page; one that may not be named has none."""
        shown = self.organisation
        if shown is None or shown.publication_status != PublicationStatus.DIFFUSIBLE:
            return ""
        return shown.get_absolute_url()


@dataclass(frozen=True)
class RoleLine:
    """A role and who holds it for certain, or else who might; ``others``: how many more might."""

    name: str
    holder: Named | None
    # Not even the members of whom little is known could hold it.
    lacking: bool
    perhaps: list[Named]
    others: int


@dataclass(frozen=True)
class Panel:
    assessment: Assessment
    roles: list[RoleLine]
    sentences: list[str]
    questions: list[str]
    asked: list[Question]
    alone: bool
    in_force: bool

    @property
    def verdict(self) -> str:
        return str(self.assessment.verdict or "")

    @property
    def label(self) -> str:
        return str(CompositionVerdict(self.verdict).label) if self.verdict else "sans règle"

    @property
    def headline(self) -> str:
        return headline(self.assessment)

    @property
    def unsure(self) -> int:
        """How many members may count, without it being known that they do."""
        return self.assessment.perhaps_counted - self.assessment.counted


def panel_of(assessment: Assessment, organisations: dict[int, Organisation] | None = None) -> Panel:
    """From an assessment; ``organisations`` by the keys of its members, to link to their pages."""
    found = settling(assessment)
    asked = [each for one in found for each in one]
    return Panel(
        assessment,
        _roles(assessment, organisations or {}),
        sentences(assessment, found),
        [question(each, assessment.day) for each in asked],
        asked,
        alone=bool(found) and len(found[0]) == 1,
        in_force=assessment.rule.is_in_force(assessment.day),
    )


def _roles(assessment: Assessment, organisations: dict[int, Organisation]) -> list[RoleLine]:
    def named(member: Member) -> Named:
        return Named(member.name, organisations.get(member.key))

    taken = {holder.key for _, holder in assessment.holders if holder is not None}
    able = [
        each
        for each in candidates(
            assessment.composition, assessment.rule, assessment.day, timezone.localdate()
        )
        if each.member.key not in taken
    ]
    lines = []
    for place, (role, holder) in enumerate(assessment.holders):
        perhaps = [] if holder else [each.member for each in able if each.possible >> place & 1]
        lines.append(
            RoleLine(
                role.name,
                named(holder) if holder else None,
                role in assessment.lacking,
                [named(each) for each in perhaps[:_MOST_NAMES]],
                max(len(perhaps) - _MOST_NAMES, 0),
            )
        )
    return lines


def pole_panel(pole: Pole, memberships: list[Membership], day: date) -> Panel:
    """The pole's own panel, without a statement: names that may not be written are masked."""
    assessment = assess_pole(pole, day=day, memberships=memberships, masked=True)
    return panel_of(assessment, {each.organisation_id: each.organisation for each in memberships})
