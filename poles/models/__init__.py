from poles.models.links import (
    PoleCoverage,
    PoleFormerSlug,
    PoleNetwork,
    PoleSource,
    PoleTheme,
)
from poles.models.memberships import Membership, MembershipRole
from poles.models.pole import (
    Maturity,
    Pole,
    PoleQuerySet,
    PositionOrigin,
    Recognition,
    RecordState,
)
from poles.models.proposals import Proposal, ProposalOrigin, ProposalState
from poles.models.theme import Theme
from poles.models.work import (
    PoleFigures,
    PoleProject,
    PoleProjectMember,
    Pooled,
    ProjectState,
    Study,
    StudyPole,
)

__all__ = [
    "Maturity",
    "Membership",
    "MembershipRole",
    "Pole",
    "PoleCoverage",
    "PoleFigures",
    "PoleFormerSlug",
    "PoleNetwork",
    "PoleProject",
    "PoleProjectMember",
    "PoleQuerySet",
    "PoleSource",
    "PoleTheme",
    "Pooled",
    "PositionOrigin",
    "ProjectState",
    "Proposal",
    "ProposalOrigin",
    "ProposalState",
    "Recognition",
    "RecordState",
    "Study",
    "StudyPole",
    "Theme",
]
