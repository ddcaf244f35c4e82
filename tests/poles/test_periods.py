"""Periods, drawn at random: the database refuses what brute force calls an overlap."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from poles.models import Membership
from tests.breaking import refused, run, undone, with_database
from tests.factories import MembershipFactory, OrganisationFactory, PoleFactory

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)
LAST_DAY = 12

Period = tuple[int | None, int | None]
days = st.none() | st.integers(0, LAST_DAY)
periods = st.tuples(days, days).filter(lambda p: p[0] is None or p[1] is None or p[0] <= p[1])


def day(number: int | None) -> date | None:
    return None if number is None else FIRST + timedelta(days=number)


def days_of(period: Period) -> set[int]:
    """Every day of the period, from before the first one drawn to after the last."""
    begin = -1 if period[0] is None else period[0]
    end = LAST_DAY + 1 if period[1] is None else period[1]
    return set(range(begin, end + 1))


def insert(pole: int, organisation: int, role: str, period: Period) -> None:
    run(
        "INSERT INTO poles_membership"
        " (pole_id, organisation_id, role, begins_on, ends_on, source_words)"
        " VALUES (%s, %s, %s, %s, %s, '')",
        pole,
        organisation,
        role,
        day(period[0]),
        day(period[1]),
    )


@with_database
@given(
    drawn=st.lists(
        st.tuples(
            st.integers(0, 1), st.integers(0, 2), st.sampled_from(["porteur", "actif"]), periods
        ),
        min_size=2,
        max_size=8,
    )
)
def test_rows_are_taken_if_they_overlap_with_none(
    drawn: list[tuple[int, int, str, Period]],
) -> None:
    with undone():
        poles = [PoleFactory().pk for _ in range(2)]
        organisations = [OrganisationFactory().pk for _ in range(3)]
        taken: list[tuple[int, int, str, Period]] = []
        for pole, organisation, role, period in drawn:
            meets = [row for row in taken if row[0] == pole and days_of(row[3]) & days_of(period)]
            twice = any(row[1] == organisation for row in meets)
            two_leads = role == "porteur" and any(row[2] == "porteur" for row in meets)
            try:
                with transaction.atomic():
                    insert(poles[pole], organisations[organisation], role, period)
            except IntegrityError as error:
                rule = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
                assert rule in {
                    name
                    for name, broken in (
                        ("poles_membership_no_overlap", twice),
                        ("poles_membership_one_lead", two_leads),
                    )
                    if broken
                }
            else:
                assert not twice
                assert not two_leads
                taken.append((pole, organisation, role, period))


@with_database
@given(one=periods, other=periods, same=st.booleans())
def test_an_update_is_held_to_the_same(one: Period, other: Period, same: bool) -> None:
    """``same``: twice the same organisation; otherwise two leads."""
    with undone():
        pole = PoleFactory()
        first = MembershipFactory(pole=pole, role="actif" if same else "porteur")
        Membership.objects.filter(pk=first.pk).update(begins_on=day(one[0]), ends_on=day(one[1]))
        far = (LAST_DAY + 100, None)
        second = OrganisationFactory()
        elsewhere = PoleFactory()
        insert(elsewhere.pk, (first.organisation if same else second).pk, first.role, far)
        moved = Membership.objects.get(pole=elsewhere)
        overlap = bool(days_of(one) & days_of(other))
        rule = "poles_membership_no_overlap" if same else "poles_membership_one_lead"
        statement = (
            "UPDATE poles_membership SET pole_id = %s, begins_on = %s, ends_on = %s WHERE id = %s"
        )
        values = (pole.pk, day(other[0]), day(other[1]), moved.pk)
        if overlap:
            with refused(rule):
                run(statement, *values)
        else:
            run(statement, *values)
