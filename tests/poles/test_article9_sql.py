"""The database gives the verdicts of ``poles/article9.py``, and keeps them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.kinds import facts_sql
from members.models import Organisation
from poles.article9 import DECREE_2015, MINIMUM, RULES, Verdict, verdict
from poles.article9_sql import demands, verdicts_function
from poles.composition import composition_of
from poles.models import Membership, Pole
from tests.breaking import ALOUD, SILENTLY, rows, run, undone
from tests.factories import PoleFactory
from tests.poles.compositions import DAYS, TODAY, Made, Org, brute_force, organisations, poles
from tests.poles.recognised import trio

pytestmark = pytest.mark.django_db
_numbers = count(1)


def write(orgs: list[Org], many: list[Made]) -> tuple[list[Organisation], list[Pole]]:
    """The rows of made-up poles that share organisations."""
    n = next(_numbers)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"Organisation {n}-{i}",
            slug=f"composition-{n}-{i}",
            kind=org.kind,
            closed_on=org.closed_on,
            **org.facts,
        )
        for i, org in enumerate(orgs)
    )
    written = Pole.objects.bulk_create(
        Pole(
            name=f"Pôle {n}-{i}",
            slug=f"composition-{n}-{i}",
            members_confirmed_on=made.confirmed_on,
            legal_person=None if made.own_person is None else organisations[made.own_person],
        )
        for i, made in enumerate(many)
    )
    Membership.objects.bulk_create(
        Membership(
            pole=pole,
            organisation=organisations[part.org],
            role=part.role,
            begins_on=part.begins_on,
            ends_on=part.ends_on,
        )
        for pole, made in zip(written, many, strict=True)
        for part in made.parts
    )
    return organisations, written


many_poles = st.lists(organisations(), min_size=1, max_size=9).flatmap(
    lambda orgs: st.tuples(st.just(orgs), st.lists(poles(len(orgs)), min_size=10, max_size=20))
)
in_database = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@in_database
@given(many_poles, st.sampled_from([MINIMUM, DECREE_2015]), st.sampled_from(DAYS))
def test_python_queryset_and_database_agree_with_brute_force(
    drawn: tuple[list[Org], list[Made]], rule: Any, day: date
) -> None:
    orgs, many = drawn
    with undone():
        _, written = write(orgs, many)
        ids = [pole.pk for pole in written]
        asked = Pole.objects.filter(pk__in=ids)
        expected = [brute_force(rule.code, made, orgs, day) for made in many]
        assert [
            verdict(composition_of(pole), rule, day, TODAY) for pole in asked.order_by("pk")
        ] == expected
        with_verdict = asked.with_verdict(rule.code, day).order_by("pk")
        assert list(with_verdict.values_list("verdict_on_day", flat=True)) == expected
        for each in Verdict:
            found = with_verdict.filter(verdict_on_day=each).values_list("pk", flat=True)
            assert list(found) == [i for i, v in zip(ids, expected, strict=True) if v == each]
        counts = {each: expected.count(each) for each in Verdict if each in expected}
        assert asked.count_verdicts(rule.code, day) == counts


@in_database
@given(many_poles)
def test_the_kept_verdict_is_that_of_today_and_says_until_when(
    drawn: tuple[list[Org], list[Made]],
) -> None:
    orgs, many = drawn
    with undone():
        _, written = write(orgs, many)
        kept = Pole.objects.filter(pk__in=[p.pk for p in written]).order_by("pk")
        for pole, made in zip(kept, many, strict=True):
            assert pole.verdict == brute_force("minimum", made, orgs, TODAY)
            for day in sorted(DAYS):
                if day >= TODAY and (pole.verdict_until is None or day < pole.verdict_until):
                    assert brute_force("minimum", made, orgs, day) == pole.verdict
            assert pole.verdict_until is None or pole.verdict_until > TODAY


def kept(pole: Pole) -> tuple[str, date | None]:
    return Pole.objects.values_list("verdict", "verdict_until").get(pk=pole.pk)


def test_the_verdict_follows_members_facts_confirmation_and_own_person() -> None:
    pole, (_, ess, school) = trio()
    assert kept(pole) == (Verdict.SATISFIED, None)
    run(
        "UPDATE members_organisation SET is_legal_person = NULL WHERE id = %s",
        school.organisation_id,
    )
    assert kept(pole)[0] == Verdict.UNDETERMINED
    run(
        "UPDATE members_organisation SET is_legal_person = true WHERE id = %s",
        school.organisation_id,
    )
    run("UPDATE poles_membership SET role = 'partenaire' WHERE id = %s", ess.pk)
    assert kept(pole)[0] == Verdict.UNDETERMINED
    run("UPDATE poles_pole SET members_confirmed_on = %s WHERE id = %s", TODAY, pole.pk)
    assert kept(pole)[0] == Verdict.NOT_SATISFIED
    run("DELETE FROM poles_membership WHERE id = %s", ess.pk)
    other = PoleFactory()
    run("UPDATE poles_membership SET pole_id = %s WHERE id = %s", other.pk, school.pk)
    assert kept(other) == (Verdict.UNDETERMINED, None)
    run("UPDATE poles_membership SET pole_id = %s WHERE id = %s", pole.pk, school.pk)
    run(
        "INSERT INTO poles_membership (pole_id, organisation_id, role, source_words)"
        " VALUES (%s, %s, 'actif', '')",
        pole.pk,
        ess.organisation_id,
    )
    assert kept(pole)[0] == Verdict.SATISFIED
    tomorrow = TODAY + timedelta(days=1)
    run(
        "UPDATE members_organisation SET closed_on = %s WHERE id = %s",
        tomorrow,
        ess.organisation_id,
    )
    assert kept(pole) == (Verdict.SATISFIED, tomorrow)
    run("UPDATE members_organisation SET closed_on = %s WHERE id = %s", TODAY, ess.organisation_id)
    assert kept(pole)[0] == Verdict.NOT_SATISFIED


def test_nobody_writes_a_verdict() -> None:
    pole = PoleFactory()
    run(
        "UPDATE poles_pole SET verdict = 'satisfaite', verdict_until = '2999-01-01' WHERE id = %s",
        pole.pk,
    )
    assert kept(pole) == (Verdict.UNDETERMINED, None)
    pole.verdict = Verdict.SATISFIED
    pole.save()
    assert kept(pole) == (Verdict.UNDETERMINED, None)


def test_a_verdict_counts_neither_in_the_history_nor_in_the_version() -> None:
    pole, (_, _, school) = trio()
    before = rows(
        "SELECT version, (SELECT count(*) FROM poles_poleevent WHERE pgh_obj_id = p.id)"
        " FROM poles_pole p WHERE id = %s",
        pole.pk,
    )
    school.organisation.is_legal_person = None
    school.organisation.save()
    assert kept(pole)[0] == Verdict.UNDETERMINED
    after = rows(
        "SELECT version, (SELECT count(*) FROM poles_poleevent WHERE pgh_obj_id = p.id)"
        " FROM poles_pole p WHERE id = %s",
        pole.pk,
    )
    assert after == before


@contextmanager
def no_triggers() -> Iterator[None]:
    """What the calendar does: the day changes, and no trigger sees it."""
    run(SILENTLY)
    try:
        yield
    finally:
        run(ALOUD)


def test_past_its_day_a_kept_verdict_is_computed_anew_for_its_row_only(
    django_assert_num_queries: Any,
) -> None:
    pole, (_, _, school) = trio()
    still, _ = trio()
    with no_triggers():
        run(
            "UPDATE poles_membership SET ends_on = %s WHERE id = %s",
            TODAY - timedelta(1),
            school.pk,
        )
        run("UPDATE poles_pole SET verdict_until = %s WHERE id = %s", TODAY, pole.pk)
    assert kept(pole)[0] == Verdict.SATISFIED
    asked = Pole.objects.filter(pk__in=[pole.pk, still.pk]).with_verdict().order_by("pk")
    with django_assert_num_queries(1):
        assert [each.verdict_on_day for each in asked] == ["indeterminee", "satisfaite"]
    # The function is not even called for the others.
    run("SET ROLE NONE")
    run("ALTER FUNCTION poles_verdict(text, bigint, date) RENAME TO poles_verdict_away")
    run(
        "CREATE FUNCTION poles_verdict(text, bigint, date) RETURNS text LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN 'pour ' || $2; END $$"
    )
    assert [each.verdict_on_day for each in asked.all()] == [
        f"pour {pole.pk}",
        "satisfaite",
    ]


def test_the_function_is_that_of_the_rules() -> None:
    # A rule that changes without its migration would leave the database with the old one.
    ((inside,),) = rows("SELECT prosrc FROM pg_proc WHERE proname = 'poles_article9'")
    assert inside.strip() in verdicts_function(demands(RULES), facts_sql("o"))
