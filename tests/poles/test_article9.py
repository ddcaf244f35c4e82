"""The rules over plain values: against brute force, and what an assessment explains."""

import ast
import os
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.kinds import facts_of
from poles import article9, sentences, settling
from poles.article9 import (
    DECREE_2015,
    MINIMUM,
    NONE,
    NOT_ESTABLISHED,
    RULES,
    Composition,
    Member,
    Role,
    Rule,
    Verdict,
    assess,
    verdict,
)
from tests.poles.compositions import DAYS, TODAY, Made, Org, brute_force, organisations, poles

CHECKED = [MINIMUM, DECREE_2015]
# Mutation testing runs this file some hundred times.
THOROUGH = "MUTANT_UNDER_TEST" not in os.environ
UNKNOWN = dict.fromkeys(
    ("is_commercial", "is_ess", "is_training_body", "is_non_ess_grouping", "is_legal_person")
)


def member(key: int, *yes: str, no: tuple[str, ...] = (), **more: object) -> Member:
    facts = {**UNKNOWN, **dict.fromkeys(yes, True), **dict.fromkeys(no, False)}
    return Member(key, f"Membre {key}", facts, **more)  # type: ignore[arg-type]


COMPANY = member(1, "is_commercial")
COOPERATIVE = member(2, "is_ess", "is_legal_person", no=("is_commercial",))
SCHOOL = member(3, "is_training_body", "is_legal_person", no=("is_commercial", "is_ess"))
TRIO = Composition([COMPANY, COOPERATIVE, SCHOOL])


def values_of(made: Made, orgs: list[Org]) -> Composition:
    return Composition(
        members=[
            Member(
                key=part.org,
                name=f"Membre {part.org}",
                facts=facts_of(orgs[part.org].kind, orgs[part.org].facts),
                takes_part=part.role != "partenaire",
                begins_on=part.begins_on,
                ends_on=part.ends_on,
                closed_on=orgs[part.org].closed_on,
            )
            for part in made.parts
        ],
        confirmed_on=made.confirmed_on,
        own_person=made.own_person,
    )


made_up = st.lists(organisations(), min_size=1, max_size=7).flatmap(
    lambda orgs: st.tuples(st.just(orgs), poles(len(orgs)))
)


@settings(max_examples=2500 if THOROUGH else 250, deadline=None)
@given(made_up, st.sampled_from(CHECKED), st.sampled_from(DAYS))
def test_the_verdict_is_that_of_brute_force(
    drawn: tuple[list[Org], Made], rule: Rule, day: date
) -> None:
    orgs, made = drawn
    composition = values_of(made, orgs)
    assert verdict(composition, rule, day, TODAY) == brute_force(rule.code, made, orgs, day)


@settings(max_examples=600 if THOROUGH else 150, deadline=None)
@given(made_up, st.sampled_from(CHECKED), st.sampled_from(DAYS), st.randoms(use_true_random=False))
def test_an_assessment_explains_its_verdict(
    drawn: tuple[list[Org], Made], rule: Rule, day: date, random: object
) -> None:
    orgs, made = drawn
    composition = values_of(made, orgs)
    found = assess(composition, rule, day, TODAY)
    assert found.verdict == verdict(composition, rule, day, TODAY)
    holders = [holder for _, holder in found.holders if holder is not None]
    assert len({holder.key for holder in holders}) == len(holders), "two roles to one member"
    for role, holder in found.holders:
        if holder is not None and role.any_of:
            assert any(holder.facts[fact] for fact in role.any_of)
    assert (found.verdict == Verdict.SATISFIED) == (
        not found.missing and found.counted >= rule.number
    )
    assert found.counted <= found.perhaps_counted
    if found.verdict == Verdict.NOT_SATISFIED:
        assert found.lacking or found.perhaps_counted < rule.number
    shuffled = list(composition.members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = assess(replace(composition, members=shuffled), rule, day, TODAY)
    assert [h and h.key for _, h in again.holders] == [h and h.key for _, h in found.holders]


@settings(max_examples=600 if THOROUGH else 150, deadline=None)
@given(made_up, st.sampled_from(CHECKED), st.sampled_from(DAYS))
def test_yes_to_what_would_settle_satisfies(
    drawn: tuple[list[Org], Made], rule: Rule, day: date
) -> None:
    orgs, made = drawn
    composition = values_of(made, orgs)
    found = settling.settlements(composition, rule, day, TODAY)
    for questions in found:
        answered = composition
        for asked in questions:
            answered = _answered(answered, asked, day)
        assert verdict(answered, rule, day, TODAY) == Verdict.SATISFIED
        # None of them is one too many.
        for left_out in questions:
            answered = composition
            for asked in questions:
                if asked != left_out:
                    answered = _answered(answered, asked, day)
            assert verdict(answered, rule, day, TODAY) != Verdict.SATISFIED
    perhaps = brute_force(rule.code, replace(made, confirmed_on=date.min), orgs, day)
    assert bool(found) == (perhaps == "indeterminee")


def _answered(composition: Composition, asked: settling.Question, day: date) -> Composition:
    def answer(one: Member) -> Member:
        if one.key != asked.member.key:
            return one
        if asked.fact == settling.PRESENCE:
            return replace(one, begins_on=day) if one.begins_on is None else one
        return replace(one, facts={**one.facts, asked.fact: True})

    return replace(composition, members=[answer(one) for one in composition.members])


def test_three_members_hold_the_three_roles() -> None:
    found = assess(TRIO, MINIMUM, TODAY, TODAY)
    assert found.verdict is Verdict.SATISFIED
    assert [holder.key for _, holder in found.holders if holder] == [1, 2, 3]


def test_a_member_counts_once_whatever_it_can_hold() -> None:
    both = member(2, "is_ess", "is_training_body", "is_legal_person", no=("is_commercial",))
    composition = Composition([COMPANY, both], confirmed_on=TODAY)
    assert verdict(composition, MINIMUM, TODAY, TODAY) is Verdict.NOT_SATISFIED
    twice = replace(composition, members=[COMPANY, both, replace(both, begins_on=TODAY)])
    assert verdict(twice, MINIMUM, TODAY, TODAY) is Verdict.NOT_SATISFIED


def test_what_nobody_knows_is_undetermined_and_not_a_failure() -> None:
    # ESS and three enterprises known, training unknown: as the sources tell of Pôle Alpen.
    association = member(1, "is_ess", "is_legal_person", no=("is_commercial",))
    companies = [member(n, "is_commercial", no=("is_ess",)) for n in (2, 3, 4)]
    composition = Composition([association, *companies])
    found = assess(composition, MINIMUM, TODAY, TODAY)
    assert found.verdict is Verdict.UNDETERMINED
    assert [role.code for role in found.missing] == ["formation"]
    settle = settling.settlements(composition, MINIMUM, TODAY, TODAY)
    # The association is the only one for the ESS: it cannot be the training body as well.
    assert {(q.member.key, q.fact) for (q,) in settle} == {
        (n, "is_training_body") for n in (2, 3, 4)
    }
    no = [replace(each, facts={**each.facts, "is_training_body": False}) for each in companies]
    refused = Composition([association, *no], confirmed_on=TODAY)
    assert verdict(refused, MINIMUM, TODAY, TODAY) is Verdict.NOT_SATISFIED
    assert settling.settlements(refused, MINIMUM, TODAY, TODAY) == ()


def test_a_rule_may_ask_for_more_members_than_roles() -> None:
    four = replace(MINIMUM, number=4)
    assert verdict(TRIO, four, TODAY, TODAY) is Verdict.UNDETERMINED
    some = Composition([*TRIO.members, member(9)])
    ((question,), *_) = settling.settlements(some, four, TODAY, TODAY)
    assert (question.member.key, question.fact) in {(9, "is_legal_person"), (9, "is_commercial")}
    none = replace(four, number=5)
    assert settling.settlements(some, none, TODAY, TODAY) == ()
    two = Composition([*some.members, member(10)])
    ((first, second),) = settling.settlements(two, none, TODAY, TODAY)
    assert {first.member.key, second.member.key} == {9, 10}


def test_a_beginning_that_nobody_told_counts_today_and_is_unknown_before() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert verdict(TRIO, MINIMUM, TODAY, TODAY) is Verdict.SATISFIED
    assert verdict(TRIO, MINIMUM, yesterday, TODAY) is Verdict.UNDETERMINED
    assert verdict(TRIO, MINIMUM, TODAY + timedelta(days=1), TODAY) is Verdict.SATISFIED
    (questions,) = settling.settlements(TRIO, MINIMUM, yesterday, TODAY)
    assert {q.fact for q in questions} == {settling.PRESENCE}


@pytest.mark.parametrize("change", ["ends_on", "closed_on", "begins_on"])
def test_periods_are_read_to_the_day(change: str) -> None:
    # The last day is a day of membership; the day of a closing is not one of existence.
    day = {"ends_on": TODAY, "closed_on": TODAY + timedelta(1), "begins_on": TODAY}[change]
    composition = replace(TRIO, members=[COMPANY, COOPERATIVE, replace(SCHOOL, **{change: day})])
    assert verdict(composition, MINIMUM, TODAY, TODAY) is Verdict.SATISFIED
    beyond = TODAY + timedelta(-1 if change == "begins_on" else 1)
    assert verdict(composition, MINIMUM, beyond, TODAY) is Verdict.UNDETERMINED


def test_its_own_person_is_passed_over_and_the_others_are_not() -> None:
    own = replace(COMPANY, key=0)
    composition = Composition([own, *TRIO.members], own_person=0)
    assert verdict(composition, MINIMUM, TODAY, TODAY) is Verdict.SATISFIED
    alone = Composition([own, COOPERATIVE, SCHOOL], own_person=0, confirmed_on=TODAY)
    assert verdict(alone, MINIMUM, TODAY, TODAY) is Verdict.NOT_SATISFIED


def test_an_assessment_says_what_it_is_about() -> None:
    composition = Composition([COMPANY, member(7), COOPERATIVE], confirmed_on=TODAY)
    found = assess(composition, MINIMUM, TODAY, TODAY)
    assert (found.rule, found.day, found.composition) == (MINIMUM, TODAY, composition)
    assert (found.counted, found.perhaps_counted, found.complete) == (2, 3, True)
    assert [role.code for role in found.missing] == ["formation"]
    assert found.lacking == ()
    # Who counts without a role holds none.
    city = member(1, "is_legal_person", no=("is_commercial", "is_ess", "is_training_body"))
    idle = assess(Composition([city, COOPERATIVE]), MINIMUM, TODAY, TODAY)
    assert [holder and holder.key for _, holder in idle.holders] == [None, 2, None]
    few = assess(Composition([COOPERATIVE]), MINIMUM, TODAY, TODAY)
    # One unknown member could hold one role, not two.
    assert [role.code for role in few.lacking] == ["commerciale", "formation"]
    assert few.complete is False


def test_one_unknown_beginning_is_enough_to_ask_for() -> None:
    yesterday = TODAY - timedelta(days=1)
    known = [replace(one, begins_on=yesterday) for one in (COMPANY, COOPERATIVE)]
    composition = Composition([*known, SCHOOL])
    assert settling.settlements(composition, MINIMUM, yesterday, TODAY) == (
        (settling.Question(SCHOOL, settling.PRESENCE),),
    )
    assert settling.settlements(Composition(known), MINIMUM, yesterday, TODAY) == ()


def test_every_unknown_that_is_enough_is_told() -> None:
    yesterday = TODAY - timedelta(days=1)
    known = [replace(one, begins_on=yesterday) for one in (COMPANY, COOPERATIVE)]
    schools = [replace(SCHOOL, key=key) for key in (3, 4)]
    found = settling.settlements(Composition([*known, *schools]), MINIMUM, yesterday, TODAY)
    assert [(q.member.key, q.fact) for (q,) in found] == [(3, ""), (4, "")]


def test_one_quality_is_enough_of_those_that_a_role_accepts() -> None:
    city = member(4, "is_legal_person", no=("is_ess", "is_commercial", "is_non_ess_grouping"))
    club = member(1, no=("is_ess",))
    composition = Composition([COOPERATIVE, city, club])
    ((one, other),) = settling.settlements(composition, DECREE_2015, TODAY, TODAY)
    assert {one.fact, other.fact} == {"is_commercial", "is_legal_person"}


def test_the_other_person_of_the_decree_may_be_anyone() -> None:
    company = member(1, "is_commercial", "is_legal_person", no=("is_ess",))
    city = member(3, "is_legal_person", no=("is_ess", "is_commercial", "is_non_ess_grouping"))
    composition = Composition([company, COOPERATIVE, city])
    found = assess(composition, DECREE_2015, TODAY, TODAY)
    assert found.verdict is Verdict.SATISFIED
    assert [holder.key for _, holder in found.holders if holder] == [2, 1, 3]


def test_who_cannot_hold_a_role_is_not_asked_to() -> None:
    never = replace(COOPERATIVE, facts={**COOPERATIVE.facts, "is_training_body": False})
    unknown = [member(key, "is_legal_person", no=("is_ess",)) for key in (7, 8)]
    found = settling.settlements(Composition([never, *unknown]), MINIMUM, TODAY, TODAY)
    ((one, other),) = found
    assert {one.member.key, other.member.key} == {7, 8}
    assert {one.fact, other.fact} == {"is_commercial", "is_training_body"}


def test_of_who_is_there_for_certain_only_the_facts_are_asked() -> None:
    composition = Composition([COMPANY, COOPERATIVE, member(3, "is_legal_person")])
    found = settling.settlements(composition, MINIMUM, TODAY, TODAY)
    assert [(q.member.key, q.fact) for (q,) in found] == [(3, "is_training_body")]


def test_a_rule_that_demands_nothing_gives_no_verdict() -> None:
    for rule in (NONE, NOT_ESTABLISHED):
        found = assess(TRIO, rule, TODAY, TODAY)
        assert (found.verdict, found.holders) == (None, ())
        assert verdict(TRIO, rule, TODAY, TODAY) is None
        assert settling.settlements(TRIO, rule, TODAY, TODAY) == ()


def test_rules_say_where_they_come_from_and_when_they_are_in_force() -> None:
    assert {*RULES} == {"minimum", "decret-2015", "aucune", "non-etablie"}
    assert not MINIMUM.is_in_force(date(2014, 7, 30)) and MINIMUM.is_in_force(date(2014, 7, 31))  # noqa: PT018
    assert NONE.is_in_force(date(2014, 7, 30)) and not NONE.is_in_force(date(2014, 7, 31))  # noqa: PT018
    assert not DECREE_2015.is_in_force(date(2015, 4, 14))
    assert DECREE_2015.is_in_force(date(2015, 4, 15))
    assert NOT_ESTABLISHED.is_in_force(date(1900, 1, 1))
    assert MINIMUM.source_url.startswith("https://")
    assert "2015-431" in DECREE_2015.source
    assert "exigée" not in MINIMUM.name


def test_neither_too_few_nor_too_many_subsets() -> None:
    assert sorted(MINIMUM.subsets) == [(1, 1), (2, 1), (3, 2), (4, 1), (5, 2), (6, 2), (7, 3)]
    assert Rule("x", "x", "x", roles=(Role("a", "a", ()),)).subsets == ((1, 1),)


@pytest.mark.parametrize("module", [article9, settling, sentences])
def test_the_rules_import_nothing_of_django(module: object) -> None:
    tree = ast.parse(Path(module.__file__).read_text())  # type: ignore[attr-defined]
    names = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
    }
    assert not {name for name in names if name.startswith("django") or "models" in name}


@pytest.mark.skipif(not THOROUGH, reason="mutants are slower than what they mutate")
def test_ten_thousand_verdicts_a_second() -> None:
    companies = [member(n, "is_commercial", no=("is_ess",)) for n in range(1, 10)]
    composition = Composition([*companies, SCHOOL, COOPERATIVE])
    verdict(composition, MINIMUM, TODAY, TODAY)
    best = min(_seconds(composition) for _ in range(5))
    assert best < 0.1, f"{1000 / best:.0f} verdicts a second"


def _seconds(composition: Composition) -> float:
    begun = time.process_time()
    for _ in range(1000):
        verdict(composition, MINIMUM, TODAY, TODAY)
    return time.process_time() - begun
