"""Tables as they are given back: CSV that a French Excel opens by a double click, and XLSX."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.sheets import limits
from core.sheets.guard import guarded, guarded_marks

Value = str | int | float | Decimal | date | bool | None

_DATE_FORMAT = "dd/mm/yyyy"
# Before it, the calendars of spreadsheets disagree.
_FIRST_DAY = date(1900, 3, 1)
# What openpyxl lets through and no XML may hold.
_NEVER = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """``choices``: what a cell may be picked from. ``locked``: shown in grey, read by no import."""

    label: str
    width: int = 20
    choices: Sequence[str] = ()
    locked: bool = False


@dataclass
class OutTable:
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]] = field(default_factory=list)


def csv_lines(table: OutTable) -> Iterator[str]:
    """The lines of the file, the first with the mark by which Excel knows UTF-8."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(column.label) for column in table.columns])
    yield "\ufeff" + _taken(buffer)
    for row in table.rows:
        writer.writerow([_csv_text(value) for value in row])
        yield _taken(buffer)


def _taken(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)


def write_workbook(tables: Iterable[OutTable], file: IO[bytes]) -> None:
    """Writes a sheet for each table, row after row: no more than one is held."""
    book = Workbook(write_only=True)
    book.add_named_style(_text_style())
    for table in tables:
        _write_sheet(book, table)
    book.save(file)


def _text_style() -> NamedStyle:
    """A text whatever it begins with, even once it was opened and left."""
    return NamedStyle(
        "registre-texte",
        number_format="@",
        alignment=Alignment(vertical="top", wrap_text=True),
    )


def _write_sheet(book: Any, table: OutTable) -> None:
    sheet = book.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        if column.choices:
            _offer(sheet, letter, column.choices)
    sheet.append([_head(sheet, column) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _head(sheet: Any, column: Column) -> Cell:
    cell = WriteOnlyCell(sheet, column.label)
    cell.font = Font(bold=True, color="666666" if column.locked else "000091")
    cell.fill = PatternFill("solid", fgColor="EEEEEE" if column.locked else "E3E3FD")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Value) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        value = "oui" if value else "non"
    if isinstance(value, date) and value < _FIRST_DAY:
        value = value.isoformat()
    if isinstance(value, str):
        text = _NEVER.sub("", ILLEGAL_CHARACTERS_RE.sub("", guarded_marks(value)))[
            : limits.XLSX_CELL
        ]
        cell = WriteOnlyCell(sheet, text)
        # openpyxl takes a text for what it looks like: a formula, an error.
        cell.data_type = "s"
        cell.style = "registre-texte"
        cell.quotePrefix = True
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = _DATE_FORMAT
    cell.alignment = Alignment(vertical="top")
    return cell


def _offer(sheet: Any, letter: str, choices: Sequence[str]) -> None:
    """A list to pick from; another word is let in, since the import explains it better."""
    listed = ",".join(choices)
    if len(listed) > 250 or '"' in listed:
        return
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    offered.showErrorMessage = False
    offered.add(f"{letter}2:{letter}20001")
    sheet.data_validations.append(offered)
