"""What a page shows of a composition: the roles, who holds them, what is unknown, and why."""

from dataclasses import dataclass
from datetime import date

from members.models import Organisation
from poles.article9 import Assessment
from poles.composition import assess_pole, settling
from poles.models import CompositionVerdict, Membership, Pole
from poles.sentences import headline, question, sentences


@dataclass(frozen=True)
class RoleLine:
    """A role, and who holds it for certain; ``organisation`` is there to be linked."""

    name: str
    holder: str
    # Not even the members of whom little is known could hold it.
    lacking: bool
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Panel:
    assessment: Assessment
    roles: list[RoleLine]
    reasons: list[str]
    questions: list[str]
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


def panel_of(assessment: Assessment, organisations: dict[int, Organisation] | None = None) -> Panel:
    """From an assessment; ``organisations`` by the keys of its members, to link to their pages."""
    found = settling(assessment)
    roles = [
        RoleLine(
            role.name,
            holder.name if holder else "",
            role in assessment.lacking,
            (organisations or {}).get(holder.key) if holder else None,
        )
        for role, holder in assessment.holders
    ]
    asked = [question(each, assessment.day) for one in found for each in one]
    alone = bool(found) and len(found[0]) == 1
    # The questions have a list of their own.
    reasons = sentences(assessment, found)[1 : -1 if asked else None]
    in_force = assessment.rule.is_in_force(assessment.day)
    return Panel(assessment, roles, reasons, asked, alone, in_force)


def pole_panel(pole: Pole, memberships: list[Membership], day: date) -> Panel:
    """The pole's own panel, without a statement: names that may not be written are masked."""
    assessment = assess_pole(pole, day=day, memberships=memberships, masked=True)
    return panel_of(assessment, {each.organisation_id: each.organisation for each in memberships})
