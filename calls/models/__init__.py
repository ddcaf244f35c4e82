from calls.models.answers import ParliamentaryAnswer
from calls.models.applications import (
    Application,
    Decision,
    Instalment,
    InstalmentState,
    Opinion,
)
from calls.models.call import Call, CallKind, CompositionRule, Strand, Wave
from calls.models.decisions import DecisionSession, Examination, ExaminationSubject
from calls.models.documents import CallDocument
from calls.models.evaluations import DueTold, Evaluation, EvaluationKind
from calls.models.letters import LETTER_FIELDS, Letter, LetterKind, LetterTemplate
from calls.models.opinions import CallNetwork, NetworkPerson, RegionalOpinion
from calls.models.platform import CallColumns, PlatformImport
from calls.models.states import NEXT_STATES, NEXT_STATES_PERMANENT, CallState

__all__ = [
    "LETTER_FIELDS",
    "NEXT_STATES",
    "NEXT_STATES_PERMANENT",
    "Application",
    "Call",
    "CallColumns",
    "CallDocument",
    "CallKind",
    "CallNetwork",
    "CallState",
    "CompositionRule",
    "Decision",
    "DecisionSession",
    "DueTold",
    "Evaluation",
    "EvaluationKind",
    "Examination",
    "ExaminationSubject",
    "Instalment",
    "InstalmentState",
    "Letter",
    "LetterKind",
    "LetterTemplate",
    "NetworkPerson",
    "Opinion",
    "ParliamentaryAnswer",
    "PlatformImport",
    "RegionalOpinion",
    "Strand",
    "Wave",
]
