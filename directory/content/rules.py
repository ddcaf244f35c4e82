"""The rules of composition as a table: every figure in it is read from the rules themselves."""

from dataclasses import dataclass

from members.kinds import FACT_LABELS
from poles.article9 import RULES, Role, Rule
from poles.sentences import french_date


@dataclass(frozen=True)
class RuleRow:
    rule: Rule
    in_force: str
    counted: str
    roles: list[str]


def rules_table() -> list[RuleRow]:
    return [
        RuleRow(
            rule,
            _in_force(rule),
            " ou ".join(FACT_LABELS[fact] for fact in rule.counted_if),
            [_role(role) for role in rule.roles],
        )
        for rule in RULES.values()
    ]


def _in_force(rule: Rule) -> str:
    if rule.in_force_from is not None:
        return f"depuis le {french_date(rule.in_force_from)}"
    if rule.in_force_until is not None:
        return f"jusqu’au {french_date(rule.in_force_until)}"
    return ""


def _role(role: Role) -> str:
    return role.name if role.any_of else f"{role.name} (le rôle est ouvert à tous)"
