"""What would settle an undetermined composition: the fewest unknowns of which yes is enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from poles.article9 import (
    Candidate,
    Composition,
    Member,
    Rule,
    candidate,
    candidates,
    each_one_role,
    fulfils,
)

PRESENCE = ""


@dataclass(frozen=True)
class Question:
    """An unknown: a fact of a member, or (``PRESENCE``) whether it was a member that day."""

    member: Member
    fact: str


def settlements(
    composition: Composition, rule: Rule, day: date, today: date
) -> tuple[tuple[Question, ...], ...]:
    """The sets of unknowns of which yes to all would satisfy the rule; empty if none would.

    Every unknown that is enough by itself, or else one of the shortest sets. A rule that is
    satisfied already, or that demands nothing, has nothing to settle.
    """
    found = candidates(composition, rule, day, today)
    known = [each.known for each in found if each.known is not None]
    if not rule.roles or fulfils(rule, known):
        return ()
    alone = [
        (question,)
        for each in found
        for question in _unknowns(rule, each)
        if fulfils(rule, _known_if(rule, found, each, question))
    ]
    if alone:
        return tuple(alone)
    shortest = _shortest(rule, found)
    return (shortest,) if shortest else ()


def _unknowns(rule: Rule, one: Candidate) -> list[Question]:
    """Each unknown of a candidate that matters to the rule."""
    facts = dict.fromkeys([*(f for role in rule.roles for f in role.any_of), *rule.counted_if])
    asked = [fact for fact in facts if one.member.facts.get(fact) is None]
    return [Question(one.member, fact) for fact in (asked if one.present else [*asked, PRESENCE])]


def _known_if(
    rule: Rule, found: Sequence[Candidate], asked: Candidate, question: Question
) -> list[int]:
    """What is held for certain once the answer to ``question`` is yes."""
    if question.fact == PRESENCE:
        after = candidate(rule, asked.member, True)
    else:
        facts = {**asked.member.facts, question.fact: True}
        after = candidate(rule, replace(asked.member, facts=facts), asked.present)
    return [
        each.known
        for each in (after if one is asked else one for one in found)
        if each is not None and each.known is not None
    ]


def _to_count(rule: Rule, one: Candidate, any_of: Iterable[str] = ()) -> tuple[Question, ...]:
    """The fewest unknowns of which yes makes the candidate count, with one of the facts."""
    facts = one.member.facts

    def unknown(names: Iterable[str]) -> list[str]:
        values = {name: facts.get(name) for name in names}
        return (
            [] if True in values.values() else [n for n, known in values.items() if known is None]
        )

    counting, holding = unknown(rule.counted_if), unknown(any_of)
    shared = [name for name in holding if name in counting]
    asked = shared[:1] or [*holding[:1], *counting[:1]]
    return tuple(
        Question(one.member, fact) for fact in (asked if one.present else [PRESENCE, *asked])
    )


def _shortest(rule: Rule, found: Sequence[Candidate]) -> tuple[Question, ...]:
    """One shortest set of unknowns, the same for the same members; empty if there is none."""
    options = []
    for place, role in enumerate(rule.roles):
        able = [each for each in found if each.possible >> place & 1]
        able.sort(key=lambda each: (len(_to_count(rule, each, role.any_of)), each.member.key))
        # The other roles take at most all of these but one.
        options.append(able[: len(rule.roles)])
    sets = []
    for chosen in each_one_role(options):
        asked = [
            _to_count(rule, each, role.any_of)
            for each, role in zip(chosen, rule.roles, strict=True)
        ]
        others = sorted((_to_count(rule, each) for each in found if each not in chosen), key=len)
        more = max(rule.number - len(chosen), 0)
        if len(others) >= more:
            sets.append(tuple(q for questions in [*asked, *others[:more]] for q in questions))
    return min(sets, key=len, default=())
