"""What is given back: no text becomes a formula, and what is read again is what was written."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import Column, OutTable, csv_lines, guarded, open_book, unguarded, write_workbook
from tests.spreadsheets import part

COLUMNS = [Column("Texte"), Column("Autre", choices=["oui", "non"])]
TEMPTING = [
    *("=1+1", "+33 1 23", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1"),
    *("=HYPERLINK(1)", "＝1+1", "-", "'", "=", "#REF!", "'x"),
]


def as_csv(rows: list[list[object]]) -> bytes:
    return "".join(csv_lines(OutTable("T", COLUMNS, rows))).encode()


def as_xlsx(rows: list[list[object]]) -> bytes:
    file = BytesIO()
    write_workbook([OutTable("T", COLUMNS, rows)], file)
    return file.getvalue()


def read(raw: bytes, name: str) -> list[tuple[str, ...]]:
    return [tuple(row.cells) for row in open_book(raw, name).rows(0)]


@pytest.mark.parametrize("text", TEMPTING)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    raw = as_xlsx([["x", text]])
    assert b"<f>" not in part(raw, "xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(BytesIO(raw)).active
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].quotePrefix


@pytest.mark.parametrize("text", TEMPTING)
def test_no_cell_of_a_csv_begins_as_a_formula(text: str) -> None:
    line = as_csv([["x", text]]).decode().split("\n", 1)[1]
    cell = line.removeprefix("x;").removeprefix('"')
    assert cell[0] not in "=+-@\t\r＝"


def test_negative_numbers_stay_numbers() -> None:
    rows = [[Decimal("-1.50"), -3], ["-12,5", date(2024, 3, 1)]]
    assert as_csv(rows).decode().splitlines()[1:] == ["-1,50;-3", "-12,5;01/03/2024"]
    sheet = openpyxl.load_workbook(BytesIO(as_xlsx(rows))).active
    assert (sheet["A2"].value, sheet["B2"].value) == (-1.5, -3)
    assert sheet["B3"].is_date


def test_a_csv_is_for_a_french_excel() -> None:
    raw = as_csv([["Pôle", True]])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == "Texte;Autre\r\nPôle;oui\r\n"


text = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), max_size=40)
tempting = st.sampled_from(TEMPTING[:4] + TEMPTING[6:]) | text


@given(st.text())
def test_a_guarded_text_comes_back(value: str) -> None:
    assert unguarded(guarded(value)) == value


@given(st.lists(st.lists(tempting, min_size=2, max_size=2), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    rows = [["x" + first, second] for first, second in rows]
    expected = [tuple(row) if row[1] else (row[0],) for row in rows]
    for raw, name in ((as_csv(rows), "t.csv"), (as_xlsx(rows), "t.xlsx")):
        again = read(raw, name)[1:]
        assert [tuple(c for c in row) for row in again] == expected
