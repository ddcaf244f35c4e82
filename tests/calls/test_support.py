"""What a support asks for, over dates alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.support import (
    Due,
    committees_due,
    figures_due,
    final_due,
    months_after,
    ordinal,
    silence_due,
    support,
    year_of,
)

BEGINS = date(2024, 3, 15)
MIDDLE, END = date(2024, 9, 15), date(2025, 3, 14)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2024, 8, 30), -6, date(2024, 2, 29)),
        (date(2026, 12, 31), -6, date(2026, 6, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
    ],
)
def test_months_after(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


def days_of(found: list[Due]) -> list[date]:
    return [due.on for due in found]


def test_two_committees_a_year_each_when_it_falls_due() -> None:
    given_ = support(BEGINS, 2)
    assert given_.ends == date(2026, 3, 14)
    assert days_of(committees_due(given_, [], [], MIDDLE - MONTH - DAY)) == []
    assert days_of(committees_due(given_, [], [], MIDDLE - MONTH)) == [MIDDLE]
    assert days_of(committees_due(given_, [], [], END)) == [MIDDLE, END]
    # One that was held, or is planned, in the year stands for the first.
    for held, planned in (([BEGINS], []), ([], [END])):
        assert days_of(committees_due(given_, held, planned, END)) == [END]
    assert committees_due(given_, [BEGINS], [END], END) == []
    # Two in the first year are none of the second.
    second = committees_due(given_, [BEGINS, END], [], END + MONTH * 12)
    assert [(due.on, due.words) for due in second] == [
        (date(2025, 9, 15), "1ᵉʳ comité de suivi de la 2ᵉ année"),
        (date(2026, 3, 14), "2ᵉ comité de suivi de la 2ᵉ année"),
    ]
    # A year that ended a year ago is past remedy.
    assert days_of(committees_due(given_, [], [], months_after(END, 12)))[0] == MIDDLE
    assert days_of(committees_due(given_, [], [], months_after(END, 12) + DAY))[0].year == 2025


@given(begins=days, years=st.integers(1, 4), held=st.lists(days, max_size=8), today=days)
def test_a_year_lacks_what_it_was_not_given(
    begins: date, years: int, held: list[date], today: date
) -> None:
    """Never more than two a year, never for a year that had them, and each once."""
    given_ = support(begins, years)
    found = committees_due(given_, held, [], today)
    assert len({due.thing for due in found}) == len(found)
    for number in range(years):
        first, last = year_of(given_, number)
        had = sum(first <= day <= last for day in held)
        lacking = [due for due in found if first <= due.on <= last]
        assert len(lacking) <= max(0, 2 - had)
        if last <= today <= months_after(last, 12):
            assert len(lacking) == max(0, 2 - had)
    assert all(given_.begins <= due.on <= (given_.ends or today) for due in found)
    # More committees never make more due.
    assert {due.thing for due in committees_due(given_, [*held, today], [], today)} <= {
        due.thing for due in found
    }


def test_figures_of_each_year_by_the_end_of_the_next_january() -> None:
    given_ = support(BEGINS, 2)
    assert figures_due(given_, [], date(2024, 12, 31)) == []
    assert days_of(figures_due(given_, [], date(2025, 1, 1))) == [date(2025, 1, 31)]
    late = figures_due(given_, [2025], date(2030, 1, 1))
    assert [due.thing for due in late] == ["chiffres/2024", "chiffres/2026"]


def test_a_final_evaluation_when_it_ends() -> None:
    assert final_due(support(BEGINS, None), date(2040, 1, 1)) == []
    given_ = support(BEGINS, 1)
    assert final_due(given_, END - MONTH * 3 - DAY) == []
    assert days_of(final_due(given_, END - MONTH * 3)) == [END]


def test_six_months_of_silence() -> None:
    assert silence_due(None, END) == []
    assert silence_due(BEGINS, MIDDLE - DAY) == []
    assert days_of(silence_due(BEGINS, MIDDLE)) == [MIDDLE]


def test_ordinals() -> None:
    assert [ordinal(number) for number in (1, 2)] == ["1ʳᵉ", "2ᵉ"]
