"""What follows a merge and what does not, in French."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from poles.merging.following import Followed, Rule, split
from poles.merging.periods import Period
from poles.merging.plan import Told
from poles.merging.steps import Row
from poles.models import MembershipRole
from poles.record.phrasing import period as between
from poles.record.texts import Texts

_MOST_NAMES = 12


def period_told(name: str, period: Period) -> str:
    """« Pôle des Tracols : membre actif, depuis le 3 mai 2024 »."""
    days = between(
        period.begins.isoformat() if period.begins else None,
        period.ends.isoformat() if period.ends else None,
    )
    return f"{name}\u00a0: {MembershipRole(period.role).label}{days}"


def named_by(rules: Mapping[str, Rule], rows: Mapping[str, list[Row]]) -> dict[Any, set[int]]:
    """What the rows of the rules name, by model: for `Texts`."""
    wanted: dict[Any, set[int]] = {}
    for relation, rule in rules.items():
        column = _column(relation, rule)
        if column is not None and column.is_relation:
            pks = {row[rule.name] for row in rows[relation]} - {None}
            wanted.setdefault(column.related_model, set()).update(pks)
    return wanted


def followed_told(
    rules: Mapping[str, Rule], followed: Followed, texts: Texts
) -> tuple[list[Told], list[Told]]:
    """What moves and what stays, a line for each relation of which one is told."""
    moved, spare = ([], [])  # type: tuple[list[Told], list[Told]]
    for relation, rule in rules.items():
        if not rule.one:
            continue
        for lines, found in ((moved, followed.moved), (spare, followed.spare)):
            rows = found.get(relation, [])
            if rule.only and lines is spare:
                rows = [r for r in rows if all(r[n] == v for n, v in rule.only.items())]
            if rows:
                words = rule.one if len(rows) == 1 else rule.many
                names = tuple(_names(relation, rule, rows, texts))
                lines.append(Told(f"{len(rows)}\u00a0{words}", names))
    return moved, spare


def _names(relation: str, rule: Rule, rows: list[Row], texts: Texts) -> list[str]:
    column = _column(relation, rule)
    if column is None:
        return []
    named = [
        texts.name(column.related_model, row[rule.name])
        if column.is_relation
        else str(row[rule.name])
        for row in rows
    ]
    more = len(named) - _MOST_NAMES
    return [*named[:_MOST_NAMES], *([f"et {more} de plus"] if more > 0 else [])]


def _column(relation: str, rule: Rule) -> Any:
    label, _ = split(relation)
    name = rule.name.removesuffix("_id")
    return apps.get_model(label)._meta.get_field(name) if rule.name else None
