"""Values as people type them in French: numbers with spaces and commas, dates or bare years."""

import calendar
import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.'’]\d{3})+(?:,\d+)?", re.ASCII)
_DATE = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]00:00(?::00)?)?", re.ASCII)
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_LONG = re.compile(
    rf"(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(_MONTHS.split())})\s+(\d{{4}})", re.ASCII
)
_MOST_DIGITS = 18


def number(text: str) -> Decimal:
    """1 234,5; 1.234,5; 1234.5; 12 %; 3 €. Raises ValueError, in French.

    >>> number("1 234,50 €")
    Decimal('1234.50')
    """
    bare = _BLANKS.sub("", text).removesuffix("€").replace("\u2212", "-")
    if _THOUSANDS.fullmatch(bare):
        groups = len(re.findall(r"[.'’]", bare))
        if groups == 1 and "." in bare and "," not in bare:
            whole, plain = bare.replace(".", ""), bare.replace(".", ",")
            raise ValueError(
                f"Écrivez {whole} ou {plain}\u00a0: le point peut vouloir dire les deux."
            )
        bare = re.sub(r"[.'’]", "", bare)
    bare = bare.replace(",", ".", 1)
    if not _NUMBER.fullmatch(bare) or len(bare) > _MOST_DIGITS:
        raise ValueError("Écrivez un nombre, comme 12 ou 1\u202f234,5.")
    return Decimal(bare)


def day(text: str, *, last: bool = False) -> date:
    """15/03/2021, 15 mars 2021, 2021-03-15; of 03/2021 or 2021 the first day, or the ``last``.

    Raises ValueError, in French.
    """
    bare = " ".join(text.split()).lower()
    found = _parts(bare)
    if found is None:
        raise ValueError("Écrivez une date, comme 15/03/2021, ou seulement l’année.")
    year, month, number_of_day = found
    try:
        if month is None:
            return date(year, 12, 31) if last else date(year, 1, 1)
        if number_of_day is None:
            number_of_day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, number_of_day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError("Cette date n’existe pas.") from error


def _parts(bare: str) -> tuple[int, int | None, int | None] | None:
    """Year, month, day."""
    iso, usual, long = _ISO.fullmatch(bare), _DATE.fullmatch(bare), _LONG.fullmatch(bare)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None
    if usual:
        month, of_month = usual[2], usual[1]
        return int(usual[3]), int(month) if month else None, int(of_month) if of_month else None
    if long:
        month_number = _MONTHS.split().index(long[2]) + 1
        return int(long[3]), month_number, int(long[1]) if long[1] else None
    return None


def typed_day(value: date | None, *, last: bool = False) -> str:
    """``value`` as `day` reads it back: the year alone where it is all that is known."""
    if value is None:
        return ""
    whole_year = (value.month, value.day) == ((12, 31) if last else (1, 1))
    return f"{value.year:04d}" if whole_year else f"{value:%d/%m/}{value.year:04d}"


def grid(text: str) -> list[list[str]]:
    """The cells of what was pasted, row by row: cut at the tabs of a spreadsheet, else at «;».

    Rows in which nothing is written are left out; no cell holds a line break.
    """
    separator = "\t" if "\t" in text else ";"
    clean = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    # A quotation mark that nothing closes is part of a name, and would swallow what follows it.
    quoting: Any = csv.QUOTE_NONE if clean.count('"') % 2 else csv.QUOTE_MINIMAL
    try:
        rows = list(csv.reader(StringIO(clean, newline=""), delimiter=separator, quoting=quoting))
    except csv.Error:
        # A cell longer than the module takes for one.
        rows = [line.split(separator) for line in clean.split("\n")]
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    return [row for row in tidy if any(row)]
