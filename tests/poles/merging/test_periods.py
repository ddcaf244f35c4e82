"""The periods of two records of one member, made one: against every day, one by one."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from poles.merging.periods import Period, columns_of, period_of, settled, united

_START = date(2020, 1, 1)
_DAYS = [_START + timedelta(days=n) for n in range(24)]
_STRENGTH = ["partenaire", "actif", "porteur"]


@st.composite
def apart(draw: Any) -> list[Period]:
    """Periods that do not meet, as the rows of one record are; unknown ends included."""
    marks = sorted(draw(st.lists(st.sampled_from(range(22)), max_size=6, unique=True)))
    made = []
    for first, last in zip(marks[::2], marks[1::2], strict=False):
        role = draw(st.sampled_from(_STRENGTH))
        made.append(Period(role, _DAYS[first + 1], _DAYS[last], f"mots {first}"))
    made = [each for each in made if each.begins <= each.ends]  # type: ignore[operator]
    if made and draw(st.booleans()):
        made[0] = Period(made[0].role, None, made[0].ends, made[0].words)
    if made and draw(st.booleans()):
        made[-1] = Period(made[-1].role, made[-1].begins, None, made[-1].words)
    return made


def role_on(day: date, periods: list[Period]) -> str | None:
    roles = [
        p.role
        for p in periods
        if (p.begins is None or p.begins <= day) and (p.ends is None or day <= p.ends)
    ]
    return max(roles, key=_STRENGTH.index) if roles else None


def rows_of(periods: list[Period], first: int) -> list[dict[str, Any]]:
    return [{"id": first + n, **columns_of(period)} for n, period in enumerate(periods)]


@given(apart(), apart(), apart())
def test_each_day_has_its_strongest_role(
    mine: list[Period], theirs: list[Period], led: list[Period]
) -> None:
    made = united([*mine, *theirs], led)
    for day in _DAYS:
        expected = role_on(day, [*mine, *theirs])
        if expected == "porteur" and role_on(day, led):
            expected = "actif"
        assert role_on(day, made) == expected
    for n, one in enumerate(made):
        assert not any(one.overlaps(other) for other in made[n + 1 :])


@given(apart(), apart())
def test_no_row_is_lost_nor_used_twice(mine: list[Period], theirs: list[Period]) -> None:
    kept, moved = rows_of(mine, 1), rows_of(theirs, 100)
    found = settled(kept, moved)
    used = [row["id"] for row, _ in found.changed] + [row["id"] for row in found.spare]
    assert sorted(used) == [row["id"] for row in (*kept, *moved)]
    made = [period for _, period in found.changed] + found.new
    for day in _DAYS:
        assert role_on(day, made) == role_on(day, [*mine, *theirs])


def test_what_the_sources_said_is_kept_once() -> None:
    one = Period("actif", None, None, "fondateur")
    (made,) = united([one, Period("actif", date(2020, 1, 1), None, "membre"), one])
    assert made == Period("actif", None, None, "fondateur\u00a0; membre")


def test_a_row_of_the_table_is_read_back() -> None:
    period = Period("porteur", date(2021, 5, 3), None, "porteuse")
    assert period_of({"id": 1, **columns_of(period)}) == period
