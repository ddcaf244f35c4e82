"""XLSX as people send it: read for what it says, or refused in French; nothing is evaluated."""

import tracemalloc
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.sheets import FileRefusedError, SheetRow, limits, open_book
from tests.spreadsheets import (
    bomb,
    edited,
    many_empty_rows,
    part,
    saved,
    truncated,
    with_part,
    with_sheet,
    workbook,
)

SHEET = "xl/worksheets/sheet1.xml"
TABLE = [["Nom", "Commune"], ["Les Jardins", "Vannes"]]


def read(raw: bytes, index: int = 0) -> list[SheetRow]:
    return list(open_book(raw, "essai.xlsx").rows(index))


def texts(raw: bytes, index: int = 0) -> list[tuple[str, ...]]:
    return [row.cells for row in read(raw, index)]


def read_all(raw: bytes, name: str = "essai.xlsx") -> None:
    book = open_book(raw, name)
    for sheet in book.sheets:
        assert all(isinstance(row, SheetRow) for row in book.rows(sheet.index))


def refusal(raw: bytes, name: str = "essai.xlsx") -> str:
    with pytest.raises(FileRefusedError) as caught:
        read_all(raw, name)
    return str(caught.value)


def test_values_are_texts_whatever_they_were() -> None:
    row = ["texte", 12, 12.5, -3.0, True, False, date(2024, 3, 1), datetime(2024, 3, 1, 9, 30)]  # noqa: DTZ001
    assert texts(workbook([row])) == [
        ("texte", "12", "12,5", "-3", "oui", "non", "2024-03-01", "2024-03-01 09:30:00")
    ]


def test_lines_are_those_of_the_file_and_empty_ones_are_left_out() -> None:
    rows = read(workbook([["a"], [], [None, None], ["b", "", None]]))
    assert [(row.line, row.cells) for row in rows] == [(1, ("a",)), (4, ("b",))]


def test_a_date_counted_from_1904_is_the_same_day() -> None:
    def from_1904(book: Any, sheet: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    raw = workbook([[date(2024, 3, 1), 43890]], from_1904)
    assert texts(raw) == [("2024-03-01", "43890")]
    assert open_book(raw, "essai.xlsx").from_1904
    assert not open_book(workbook([["x"]]), "essai.xlsx").from_1904


def test_a_date_beyond_the_calendar_is_a_fault_of_its_cell() -> None:
    def far(_: Any, sheet: Any) -> None:
        sheet["B1"] = 99_999_999
        sheet["B1"].number_format = "dd/mm/yyyy"

    (row,) = read(workbook([["a"]], far))
    assert row.faults == {1: "la case contient l’erreur #VALUE!"}


def test_a_formula_is_its_saved_result_or_a_fault_and_never_run() -> None:
    raw = workbook([["Nom", "=1+1", "=1+1", '=""', "=1/0"]])
    for old, new in (
        ('<c r="C1"><f>1+1</f><v />', '<c r="C1"><f>1+1</f><v>41</v>'),
        ('<c r="D1"><f>""</f><v />', '<c r="D1" t="str"><f>""</f><v></v>'),
        ('<c r="E1"><f>1/0</f><v />', '<c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v>'),
    ):
        raw = edited(raw, SHEET, old, new)
    (row,) = read(raw)
    assert row.cells == ("Nom", "", "41")
    assert set(row.faults) == {1, 4}
    assert row.faults[1].startswith("la case est une formule dont le résultat n’est pas dans")
    assert row.faults[4] == "la case contient l’erreur #DIV/0!"


def test_formulas_without_result_are_found_where_cells_do_not_say_where_they_are() -> None:
    raw = with_sheet(
        "<sheetData><row><c><v>1</v></c><c><f>A1</f></c></row>"
        "<row><c><f>A1</f><v>2</v></c></row></sheetData>"
    )
    assert [(row.cells, set(row.faults)) for row in read(raw)] == [(("1",), {1}), (("2",), set())]


def test_a_text_that_begins_as_a_formula_is_a_text() -> None:
    raw = with_sheet(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>=1+1</t></is></c></row></sheetData>'
    )
    assert texts(raw) == [("=1+1",)]


def test_merged_cells_give_their_value_to_the_rows_that_they_span() -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B2:C2")

    raw = workbook(
        [["Région", "Nom", "x"], ["Bretagne", "a", None], [None, "b"], [None, "c"], [None, "d"]],
        merge,
    )
    assert texts(raw) == [
        ("Région", "Nom", "x"),
        ("Bretagne", "a"),
        ("Bretagne", "b"),
        ("Bretagne", "c"),
        ("", "d"),
    ]
    (sheet,) = open_book(raw, "essai.xlsx").sheets
    assert any("fusionnées" in note for note in sheet.notes)


def test_what_is_hidden_is_read_and_said() -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        book.create_sheet("Cachée").sheet_state = "hidden"

    raw = workbook(TABLE, hide)
    assert texts(raw) == [("Nom", "Commune"), ("Les Jardins", "Vannes")]
    seen, hidden = open_book(raw, "essai.xlsx").sheets
    assert seen.notes == (
        "Lignes masquées, lues comme les autres\u00a0: 1.",
        "Colonnes masquées, lues comme les autres\u00a0: 1.",
    )
    assert (seen.hidden, hidden.hidden, hidden.title) == (False, True, "Cachée")


def test_a_hundred_thousand_empty_rows_are_nothing() -> None:
    rows = read(many_empty_rows(TABLE))
    assert [(row.line, row.cells[0]) for row in rows] == [
        (1, "Nom"),
        (2, "Les Jardins"),
        (100_003, "fin"),
    ]


def test_a_row_that_says_it_is_the_last_of_a_billion_is_not_waited_for() -> None:
    raw = with_sheet(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="999999999"><c r="A999999999"><v>2</v></c></row></sheetData>'
    )
    assert texts(raw) == [("1",)]


def test_dimensions_that_lie_cost_nothing() -> None:
    raw = with_sheet(
        '<dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    )
    assert texts(raw) == [("1",)]


def test_macros_and_links_to_elsewhere_are_left_alone() -> None:
    raw = with_part(workbook(TABLE), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
    raw = with_part(raw, "xl/externalLinks/externalLink1.xml", b"<!DOCTYPE x><oops")
    assert texts(raw) == [("Nom", "Commune"), ("Les Jardins", "Vannes")]


def test_a_sheet_of_charts_is_no_table() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom"])
    book.create_chartsheet("Graphique")
    assert [sheet.title for sheet in open_book(saved(book), "essai.xlsx").sheets] == ["Sheet"]


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(cut: float) -> None:
    raw = workbook(TABLE)
    assert "endommagé" in refusal(raw[: int(len(raw) * cut)])
    assert "endommagé" in refusal(truncated(raw))


def test_a_sheet_that_breaks_off_is_refused() -> None:
    raw = with_part(workbook(TABLE), SHEET, part(workbook(TABLE), SHEET)[:-60])
    assert "endommagé" in refusal(raw)


@pytest.mark.parametrize("announced", [None, 1000])
def test_a_bomb_is_refused_before_it_unpacks(announced: int | None) -> None:
    raw = bomb(announced)
    assert len(raw) < 5_000_000
    tracemalloc.start()
    said = refusal(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "démesuré" in said or "endommagé" in said
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "inside",
    [
        "<sheetData><row>" + "<c/>" * (limits.CELLS_A_ROW + 1) + "</row></sheetData>",
        "<a>" * 100 + "</a>" * 100,
    ],
    ids=["cells of a row", "depth"],
)
def test_xml_that_swells_in_memory_is_refused(inside: str) -> None:
    assert "démesuré" in refusal(with_sheet(inside))


def test_a_part_read_whole_has_few_elements() -> None:
    raw = with_part(workbook(TABLE), "xl/styles.xml", b"<a>" + b"<b/>" * 300_000 + b"</a>")
    assert "démesuré" in refusal(raw)


def test_entities_are_never_expanded() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    content = part(workbook(TABLE), SHEET)
    assert "démesuré" in refusal(with_part(workbook(TABLE), SHEET, laughs + content))


def test_too_many_columns_are_refused() -> None:
    assert "200 colonnes" in refusal(workbook([[f"c{n}" for n in range(201)]]))


def test_other_formats_say_what_to_do() -> None:
    assert "ancien format .xls" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    ods = with_part(workbook(TABLE), "mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    assert "endommagé" not in refusal(
        b"PK\3\4" + b"mimetypeapplication/vnd.oasis.opendocument" + ods
    )
    assert "ni un fichier CSV ni un classeur" in refusal(b"%PDF-1.7 ...")
    assert "ni un fichier CSV ni un classeur" in refusal(b"<html><table>")
    assert refusal(b"", "vide.csv") == "vide.csv\u00a0: le fichier est vide."


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    raw = with_part(workbook(TABLE), "[Content_Types].xml", b"<a/>")
    assert "endommagé" in refusal(raw)


_RAW = workbook([["Nom", "Année"], ["Les Jardins", 2014], ["=1+1", date(2020, 1, 1)]])


@given(st.lists(st.tuples(st.integers(0, len(_RAW) - 1), st.integers(0, 255)), max_size=8))
def test_a_workbook_with_wrong_bytes_is_read_or_refused(wrong: list[tuple[int, int]]) -> None:
    raw = bytearray(_RAW)
    for place, byte in wrong:
        raw[place] = byte
    with suppress(FileRefusedError):
        read_all(bytes(raw))


_XML = part(_RAW, SHEET)


@given(st.lists(st.tuples(st.integers(0, len(_XML) - 1), st.binary(max_size=4)), max_size=4))
def test_a_sheet_with_wrong_bytes_is_read_or_refused(wrong: list[tuple[int, bytes]]) -> None:
    xml = _XML
    for place, new in wrong:
        xml = xml[:place] + new + xml[place + 1 :]
    with suppress(FileRefusedError):
        read_all(with_part(_RAW, SHEET, xml))
