from calls.models.applications import (
    Application,
    Decision,
    Evaluation,
    EvaluationKind,
    Instalment,
    InstalmentState,
    Opinion,
)
from calls.models.call import Call, CallKind, CompositionRule, Strand, Wave

__all__ = [
    "Application",
    "Call",
    "CallKind",
    "CompositionRule",
    "Decision",
    "Evaluation",
    "EvaluationKind",
    "Instalment",
    "InstalmentState",
    "Opinion",
    "Strand",
    "Wave",
]
