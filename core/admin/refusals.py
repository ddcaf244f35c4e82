"""What the database refuses, in the words of the rule that was broken."""

from functools import cache

from django.apps import apps
from django.db import DatabaseError

_BUSY = (
    "Quelqu’un d’autre enregistre cette fiche en ce moment. Rien n’est perdu\u00a0: réessayez "
    "dans quelques secondes."
)
_BY_STATE = {
    "23502": "Un champ obligatoire est vide.",
    "23503": "Un autre enregistrement en dépend, ou celui dont il dépend n’existe plus.",
    "23505": "Cette valeur existe déjà.",
    "23514": "Ces valeurs ne vont pas ensemble.",
    "23P01": "Cette période en recouvre une autre.",
    "42501": "Ce que la base garde ne se change ni ne s’efface.",
    "40001": "Cette fiche a été modifiée pendant votre saisie. Rien n’est encore enregistré.",
    "40P01": _BUSY,
    "55P03": _BUSY,
}
# PostgreSQL's name for the RAISE of a trigger, whose message is therefore ours.
_RAISED = "exec_stmt_raise"


@cache
def _messages() -> dict[str, str]:
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }


def refusal(error: DatabaseError) -> str:
    """The message to show for a refused save; empty when ``error`` is no refusal but a fault."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is None:
        return ""
    if diagnosis.source_function == _RAISED and state != "40001":
        return diagnosis.message_primary or ""
    if diagnosis.constraint_name in _messages():
        return _messages()[diagnosis.constraint_name]
    return _BY_STATE.get(state, "")
