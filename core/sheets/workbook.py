"""XLSX, through openpyxl reading row by row, once `archive.inspect` has let it in."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from core.sheets import limits
from core.sheets.archive import SheetFacts, damaged, inspect, too_big
from core.sheets.book import Book, Sheet, SheetRow
from core.sheets.guard import unguarded
from core.tables import CELL_LIMIT, FileRefusedError

# It says so where a part of a workbook is none of its business; nor is it ours.
warnings.filterwarnings("ignore", module="openpyxl")
_NO_RESULT = (
    "la case est une formule dont le résultat n’est pas dans le fichier\u00a0: ouvrez-le dans "
    "votre tableur et enregistrez-le de nouveau"
)


class _Reader(ExcelReader):
    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """A chart is no table; its drawings and pictures are not even opened."""


class Workbook(Book):
    format = "xlsx"

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        with _refusing(name):
            facts = inspect(raw, name)
            reader = _Reader(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            reader.read()
            book = reader.wb
            self.from_1904 = book.epoch == CALENDAR_MAC_1904
            worksheets = [each for each in book.worksheets if isinstance(each, ReadOnlyWorksheet)]
        if not worksheets:
            raise FileRefusedError(f"{name}\u00a0: le classeur n’a aucune feuille de calcul.")
        if len(worksheets) > limits.SHEETS:
            raise FileRefusedError(
                f"{name}\u00a0: le classeur a plus de {limits.SHEETS} feuilles. Gardez "
                "celles qu’il "
                "faut lire."
            )
        self._worksheets = worksheets
        self._facts = [facts.get(each._worksheet_path, SheetFacts()) for each in worksheets]
        self.sheets = [
            Sheet(index, each.title, each.sheet_state != "visible", _notes(self._facts[index]))
            for index, each in enumerate(worksheets)
        ]

    def rows(self, index: int) -> Iterator[SheetRow]:
        facts = self._facts[index]
        upright = _UprightMerges(facts)
        last_column = max(1, min(facts.columns, limits.COLUMNS + 1))
        rows = self._worksheets[index].iter_rows(
            min_row=1, max_row=limits.LINES, max_col=last_column
        )
        missing: tuple[Any, ...] | None = None
        with _refusing(self.name):
            for line, cells in enumerate(rows, start=1):
                # openpyxl gives one and the same tuple for all the rows that the file leaves out.
                if cells is missing and not upright.open:
                    continue
                if all(cell is EMPTY_CELL for cell in cells):
                    missing = cells
                row = upright.filled(self._row(line, cells, facts.without_result))
                if any(row.cells) or row.faults:
                    yield row

    def _row(self, line: int, cells: tuple[Any, ...], empty: set[tuple[int, int]]) -> SheetRow:
        texts: list[str] = []
        faults: dict[int, str] = {}
        for position, cell in enumerate(cells):
            value = cell.value
            if value is None:
                texts.append("")
                if empty and (line, position + 1) in empty:
                    faults[position] = _NO_RESULT
            elif cell.data_type == "e":
                texts.append("")
                faults[position] = f"la case contient l’erreur {str(value)[:20]}"
            else:
                text = unguarded(value) if isinstance(value, str) else _text(value)
                if len(text) > CELL_LIMIT:
                    raise too_big(self.name)
                texts.append(text)
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > limits.COLUMNS:
            raise too_many_columns(self.name)
        return SheetRow(line, tuple(texts), faults)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """What openpyxl makes of a damaged file is any exception at all: the file is refused."""
    try:
        yield
    except FileRefusedError:
        raise
    except Exception as error:
        raise damaged(name) from error


class _UprightMerges:
    """Gives the rows that a merged cell spans its value; of its columns only the first."""

    def __init__(self, facts: SheetFacts) -> None:
        self.coming = sorted(
            (top, bottom, left) for left, top, _, bottom in facts.merged if bottom > top
        )[::-1]
        self.open: list[tuple[int, int, str]] = []

    def filled(self, row: SheetRow) -> SheetRow:
        self.open = [each for each in self.open if each[0] >= row.line]
        filled = dict(enumerate(row.cells))
        for _, position, text in self.open:
            if not filled.get(position):
                filled[position] = text
        while self.coming and self.coming[-1][0] <= row.line:
            top, bottom, left = self.coming.pop()
            text = filled.get(left - 1, "")
            if top == row.line and text:
                self.open.append((bottom, left - 1, text))
        if len(filled) == len(row.cells):
            cells = tuple(filled.values())
        else:
            cells = tuple(filled.get(position, "") for position in range(max(filled) + 1))
        return SheetRow(row.line, cells, row.faults)


def too_many_columns(name: str) -> FileRefusedError:
    return FileRefusedError(
        f"{name}\u00a0: le tableau a plus de {limits.COLUMNS} colonnes. Gardez celles qu’il faut "
        "lire."
    )


def _notes(facts: SheetFacts) -> tuple[str, ...]:
    notes = []
    if facts.hidden_rows:
        notes.append(f"Lignes masquées, lues comme les autres\u00a0: {facts.hidden_rows}.")
    if facts.hidden_columns:
        notes.append(f"Colonnes masquées, lues comme les autres\u00a0: {facts.hidden_columns}.")
    if facts.merged:
        notes.append(
            "Des cases sont fusionnées\u00a0: leur valeur est celle de chacune des lignes "
            "réunies, et de la première des colonnes réunies."
        )
    return tuple(notes)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f").replace(".", ",")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
