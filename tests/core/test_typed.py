"""Values as people type them in French."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.typed import day, grid, number, typed_day

ANY_TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        (" 1 234 ", "1234"),
        ("1\u202f234,5", "1234.5"),
        ("1\u00a0234\u00a0567,89 €", "1234567.89"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("12.5", "12.5"),
        ("1'234", "1234"),
        ("−3", "-3"),
        ("0,25", "0.25"),
    ],
)
def test_a_number_is_read_as_french_writes_it(typed, value) -> None:
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "12 ETP", "1,2,3", "douze", "1e5", "NaN", "--1", "9" * 30])
def test_what_is_no_number_is_refused_in_french(typed) -> None:
    with pytest.raises(ValueError, match=r"^Écrivez "):
        number(typed)


def test_a_point_that_may_mean_two_things_is_asked_about() -> None:
    with pytest.raises(ValueError, match="Écrivez 1234 ou 1,234"):
        number("1.234")


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("15/03/2021", date(2021, 3, 15), date(2021, 3, 15)),
        ("5.3.2021", date(2021, 3, 5), date(2021, 3, 5)),
        ("2021-03-15", date(2021, 3, 15), date(2021, 3, 15)),
        ("2021-03-15 00:00:00", date(2021, 3, 15), date(2021, 3, 15)),
        ("15 mars 2021", date(2021, 3, 15), date(2021, 3, 15)),
        ("1er  Août 2020", date(2020, 8, 1), date(2020, 8, 1)),
        ("02/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("février 2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_known(typed, first, last) -> None:
    assert day(typed) == first
    assert day(typed, last=True) == last


@pytest.mark.parametrize("typed", ["", "hier", "31/02/2021", "13/13/2021", "0000", "21", "1/2"])
def test_what_is_no_date_is_refused_in_french(typed) -> None:
    with pytest.raises(ValueError, match=r"^(Écrivez|Cette date)"):
        day(typed)


@given(value=st.dates(min_value=date(1, 1, 1)), last=st.booleans())
def test_what_is_shown_of_a_date_is_read_back_as_it(value, last) -> None:
    assert day(typed_day(value, last=last), last=last) == value


@given(text=ANY_TEXT | st.text("0123456789.,'-+ /€\u00a0", max_size=30))
def test_any_text_is_a_value_or_a_refusal(text) -> None:
    for read in (number, day):
        try:
            said = str(read(text))
        except ValueError as refusal:
            said = str(refusal)
        assert said[0].isupper() or said[-1].isdigit()


def test_a_paste_is_cut_at_its_tabs_else_at_its_semicolons() -> None:
    assert grid("Nom\tSIREN\r\nLes Jardins; et Cie\t123") == [
        ["Nom", "SIREN"],
        ["Les Jardins; et Cie", "123"],
    ]
    assert grid("Les Jardins ; association\n\n  \nUn autre") == [
        ["Les Jardins", "association"],
        ["Un autre"],
    ]


def test_a_cell_that_a_spreadsheet_quotes_is_one_cell() -> None:
    assert grid('"Les\tJardins"\t"dits ""du Gué""\nen ville"') == [
        ["Les Jardins", 'dits "du Gué" en ville']
    ]


def test_a_quotation_mark_that_nothing_closes_swallows_nothing() -> None:
    assert grid('"Les Jardins\nUn autre') == [['"Les Jardins'], ["Un autre"]]


@given(text=st.text() | st.text('ab"\t;\n\r\x00 ', max_size=80))
def test_whatever_is_pasted_is_cut_into_cells_of_one_line(text) -> None:
    for row in grid(text):
        assert any(row)
        assert not any(set(cell) & set("\t\n\r\x00") for cell in row)
    # A long cell is a cell like another.
    assert grid("x" * 200_000 + ";y") == [["x" * 200_000, "y"]]
