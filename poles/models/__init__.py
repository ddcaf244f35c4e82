from poles.models.alerts import Alert, AlertFrequency
from poles.models.comments import Comment
from poles.models.drafts import Draft
from poles.models.imports import ImportQuestion, ImportRow, ImportRun, ImportState, RowOutcome
from poles.models.links import (
    PoleCoverage,
    PoleFormerSlug,
    PoleNetwork,
    PoleSource,
    PoleTheme,
)
from poles.models.memberships import Membership, MembershipRole
from poles.models.merges import Merge
from poles.models.pole import Pole
from poles.models.proposals import Proposal, ProposalOrigin, ProposalState
from poles.models.recognition import RecognitionDecision
from poles.models.reports import Report, ReportState
from poles.models.states import (
    CompositionVerdict,
    Maturity,
    PositionOrigin,
    Recognition,
    RecordState,
)
from poles.models.steps import RecordAct, RecordStep
from poles.models.theme import Theme
from poles.models.verdicts import PoleQuerySet, PoleVerdict, kept_verdict
from poles.models.voice import VoiceLink
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
    "Alert",
    "AlertFrequency",
    "Comment",
    "CompositionVerdict",
    "Draft",
    "ImportQuestion",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "Maturity",
    "Membership",
    "MembershipRole",
    "Merge",
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
    "PoleVerdict",
    "Pooled",
    "PositionOrigin",
    "ProjectState",
    "Proposal",
    "ProposalOrigin",
    "ProposalState",
    "Recognition",
    "RecognitionDecision",
    "RecordAct",
    "RecordState",
    "RecordStep",
    "Report",
    "ReportState",
    "RowOutcome",
    "Study",
    "StudyPole",
    "Theme",
    "VoiceLink",
    "kept_verdict",
]
