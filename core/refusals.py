"""What the database refuses, in French."""

from django.apps import apps
from django.db import IntegrityError

# What PL/pgSQL's own RAISE says of itself: the message is then ours, and more telling.
_RAISED = "exec_stmt_raise"
_FOREIGN_KEY, _UNIQUE = "23503", "23505"


def refused_message(error: IntegrityError) -> str:
    """The French message of the rule that the database refused with."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or not diagnosis.message_primary:
        raise error
    if diagnosis.source_function == _RAISED:
        return str(diagnosis.message_primary)
    for model in apps.get_models():
        for rule in model._meta.constraints:
            if rule.name == diagnosis.constraint_name:
                return str(rule.violation_error_message)
    if diagnosis.sqlstate == _FOREIGN_KEY:
        return "Ce à quoi la fiche renvoie n’existe pas, ou sert encore ailleurs."
    if diagnosis.sqlstate == _UNIQUE:
        return "Cette valeur est déjà prise."
    raise error
