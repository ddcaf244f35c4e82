"""CSV as it is saved by whatever program a person has: its encoding and its separator found out."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from core.sheets import limits
from core.sheets.book import Book, Sheet, SheetRow
from core.sheets.guard import unguarded
from core.sheets.workbook import too_many_columns
from core.tables import CELL_LIMIT, FileRefusedError, csv_reason, decode

_SEPARATORS = ";,\t|"
_SAMPLE_ROWS = 50
_DECLARED = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Excel's way to keep the zeros of a number: ="01000".
_KEPT_TEXT = re.compile(r'="([^"]*)"')
_FORMULA = (
    "la case est une formule, et un fichier CSV n’en garde pas le résultat\u00a0: copiez les "
    "valeurs, ou envoyez le classeur .xlsx"
)


class DelimitedFile(Book):
    format = "csv"

    def __init__(self, raw: bytes, name: str) -> None:
        self.name = name
        text = text_of(raw, name)
        declared = _DECLARED.match(text)
        self._skipped = 1 if declared else 0
        self._text = text[declared.end() :] if declared else text
        self._separator = declared[1] if declared else separator_of(self._text)
        self.sheets = [Sheet(0, name)]

    def rows(self, index: int = 0) -> Iterator[SheetRow]:
        reader = csv.reader(
            StringIO(self._text, newline=""), delimiter=self._separator, strict=True
        )
        begins = 1
        try:
            for cells in reader:
                begins, line = reader.line_num + 1, begins
                if line > limits.LINES:
                    return
                if any(cell and not cell.isspace() for cell in cells):
                    yield self._row(line + self._skipped, cells)
        except csv.Error as error:
            line = begins + self._skipped
            raise FileRefusedError(
                f"{self.name}, ligne {line}\u00a0: {csv_reason(error)}"
            ) from error

    def _row(self, line: int, cells: list[str]) -> SheetRow:
        faults = {}
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > limits.COLUMNS:
            raise too_many_columns(self.name)
        for position, cell in enumerate(cells):
            if len(cell) > CELL_LIMIT:
                raise FileRefusedError(
                    f"{self.name}, ligne {line}\u00a0: {csv_reason(csv.Error('field limit'))}"
                )
            if cell.startswith("="):
                kept = _KEPT_TEXT.fullmatch(cell)
                cells[position] = kept[1] if kept else ""
                if not kept:
                    faults[position] = _FORMULA
        return SheetRow(line, tuple(map(unguarded, cells)), faults)


def text_of(raw: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, with or without its byte order mark."""
    encoding = _utf_16(raw)
    if encoding:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise FileRefusedError(
                f"{name}\u00a0: le fichier est endommagé ou incomplet (texte en UTF-16)."
            ) from error
    elif b"\0" in raw or not raw.strip() or raw.startswith(b"\xef\xbb\xbf") or _is_utf_8(raw):
        text = decode(raw, name)
    else:
        # Its five undefined bytes are those of Latin-1, which nobody types: refused below.
        text = raw.decode("cp1252", errors="replace")
        if text.count("\ufffd") > len(text) // 1000:
            raise not_a_table(name)
    if _CONTROL.search(text):
        raise not_a_table(name)
    return text.removeprefix("\ufeff")


def not_a_table(name: str) -> FileRefusedError:
    return FileRefusedError(
        f"{name}\u00a0: ce n’est ni un fichier CSV ni un classeur .xlsx, ou il est endommagé."
    )


def _utf_16(raw: bytes) -> str:
    """The encoding if it is UTF-16; without its mark, by the zeros of its ASCII letters."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = raw[:4000]
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if half and odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if half and even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _is_utf_8(raw: bytes) -> bool:
    """Whether it is, a few damaged bytes apart."""
    text = raw.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    accented = sum(1 for char in text if char > "\x7f") - wrong
    return wrong == 0 or accented > wrong


def separator_of(text: str) -> str:
    """The separator that cuts the most rows into as many cells, and into the most cells."""
    sample = text[:200_000]
    best, best_score = ",", (0, 0)
    for separator in _SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for cells in csv.reader(StringIO(sample, newline=""), delimiter=separator):
                if any(cells):
                    widths[len(cells)] += 1
                if widths.total() >= _SAMPLE_ROWS:
                    break
        except csv.Error:
            continue
        several = {width: rows for width, rows in widths.items() if width > 1}
        if several:
            width = max(several, key=lambda width: (several[width], width))
            score = (several[width], width)
            if score > best_score:
                best, best_score = separator, score
    return best
