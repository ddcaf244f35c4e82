"""Cells of plain columns: what is typed there as a value of the record, and back."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from core import typed
from core.sheets.limits import XLSX_CELL
from core.sheets.writing import Value
from core.text import normalise
from poles.record.fields import Json

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_DEGREES = {"latitude", "longitude"}
_SERIAL = re.compile(r"\d{4,5}(?:,0+)?")
JOINED = " ; "
_YES, _NO = {"oui", "o", "vrai", "x", "yes", "true", "1"}, {"non", "n", "faux", "no", "false", "0"}
_UNKNOWN = {"", "inconnu", "nsp", "ne sait pas", "non renseigne", "nc", "n c", "nr"}


class CellError(Exception):
    """A cell that cannot be taken; its text ends a sentence that begins with the column's name."""


@dataclass
class Reading:
    """How a row is read: the separator of its lists, the calendar of its bare numbers.

    ``notes``: what was not taken, or not as it stands, for the person to see.
    """

    separator: str = ";"
    from_1904: bool = False
    notes: list[str] = field(default_factory=list)


def tidy(text: str) -> str:
    """A text of several lines as it is compared and kept."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def tidy_line(text: str) -> str:
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def split_list(text: str, separator: str) -> list[str]:
    """The elements of a cell, each once: lines always part them."""
    parts = re.split(rf"[{re.escape(separator)}\n]", tidy(text))
    return list(dict.fromkeys(filter(None, map(tidy_line, parts))))


def quoted(text: str) -> str:
    return f"«\u00a0{text if len(text) <= 80 else text[:80] + '…'}\u00a0»"


@dataclass(frozen=True)
class Cell:
    """A plain column. ``column``: the model's, whose own rules are heeded."""

    column: Any
    parse: Callable[[str, Reading], Json]
    shown: Callable[[Json], Value] = lambda value: value
    empty: Json = None

    def read(self, text: str, reading: Reading) -> Json:
        """The value; raises CellError."""
        several = isinstance(self.column, models.TextField | ArrayField)
        text = tidy(text) if several else tidy_line(text)
        if not text:
            return self.empty
        value = self.parse(text, reading)
        if value in (self.empty, None):
            return self.empty
        try:
            for validator in self.column.validators:
                validator(self.column.to_python(value))
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from error
        return value

    def show(self, value: Json) -> Value:
        return None if value in (None, "") else self.shown(value)

    def text(self, value: Json) -> str:
        """The value in words."""
        shown = self.show(value)
        if isinstance(shown, date):
            return date_format(shown, "DATE_FORMAT")
        if isinstance(shown, Decimal):
            return format(shown, "f").replace(".", ",")
        return "" if shown is None else str(shown)

    def same(self, text: str, value: Json, reading: Reading) -> bool:
        """Whether the cell says what the record holds."""
        if same_text(text, self.show(value)):
            return True
        try:
            return self.read(text, reading) == value
        except CellError:
            return False


def same_text(text: str, shown: Value) -> bool:
    """Whether a cell is what was written there; the longest ones are cut by spreadsheets."""
    ours, theirs = tidy(text), tidy("" if shown is None else str(shown))
    return ours == theirs or (len(ours) > XLSX_CELL - 3 and theirs.startswith(ours))


def cell_of(column: Any) -> Cell:
    """How a column of a model is written in a sheet."""
    if isinstance(column, ArrayField):
        return _list_cell(column)
    if column.choices:
        words = _choice_words(column)
        labels = {str(value): str(label) for value, label in column.flatchoices}
        return Cell(
            column,
            lambda text, _: _choice(text, words, labels),
            lambda value: labels.get(value, value),
            empty=column.get_default() if column.has_default() else "",
        )
    if isinstance(column, models.BooleanField):
        return Cell(
            column, _yes_or_no, lambda value: "oui" if value else "non", column.get_default()
        )
    if isinstance(column, models.DateField):
        last = column.name == "ends_on"
        return Cell(column, lambda text, how: _date(text, how, last=last), date.fromisoformat)
    if isinstance(column, models.DecimalField):
        return Cell(column, lambda text, _: _decimal(text, column), Decimal)
    if isinstance(column, models.PositiveSmallIntegerField):
        return Cell(column, _year)
    if isinstance(column, models.IntegerField):
        return Cell(column, _count)
    if isinstance(column, models.URLField):
        return Cell(column, _address, empty="")
    if column.name.endswith("phone"):
        return Cell(column, _phone, empty="")
    return Cell(column, lambda text, _: text, empty="")


def _list_cell(column: Any) -> Cell:
    """Several values of a list in one cell."""
    one = cell_of(column.base_field)

    def parse(text: str, reading: Reading) -> Json:
        return [one.read(part, reading) for part in split_list(text, reading.separator)]

    def shown(value: Json) -> Value:
        return JOINED.join(str(one.show(each)) for each in value)

    return Cell(column, parse, shown, empty=[])


def _choice_words(column: Any) -> dict[str, str]:
    words = {}
    for value, label in column.flatchoices:
        words[normalise(str(value))] = words[normalise(str(label))] = value
    return words


# What people write for the values of a list, beside its own labels.
_SYNONYMS: Mapping[str, str] = {
    **dict.fromkeys(("porteur", "pilote", "lead", "structure pilote", "porteuse"), "porteur"),
    **dict.fromkeys(("membre", "actif", "membre actif", "adherent", "societaire"), "actif"),
    **dict.fromkeys(("partenaire", "partenaires", "soutien"), "partenaire"),
    **dict.fromkeys(("fini", "acheve", "realise"), "termine"),
    **dict.fromkeys(("en preparation", "a venir", "planifie"), "prevu"),
}


def _choice(text: str, words: Mapping[str, str], labels: Mapping[str, str]) -> Json:
    word = normalise(text)
    value = words.get(word)
    if value is None and _SYNONYMS.get(word) in labels:
        value = _SYNONYMS[word]
    if value is None:
        known = ", ".join(label for value, label in labels.items() if value)
        raise CellError(f"{quoted(text)} n’est pas dans la liste\u00a0: {known}")
    return value


def _yes_or_no(text: str, _: Reading) -> Json:
    word = normalise(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _UNKNOWN:
        return None
    raise CellError(f"{quoted(text)} se lit ni oui ni non")


def _date(text: str, reading: Reading, *, last: bool = False) -> Json:
    """A date as people type it, or the number that a spreadsheet keeps of it."""
    if _SERIAL.fullmatch(text) and not 1900 <= int(text.split(",")[0]) <= 2100:
        epoch = CALENDAR_MAC_1904 if reading.from_1904 else CALENDAR_WINDOWS_1900
        return from_excel(int(text.split(",")[0]), epoch).date().isoformat()
    try:
        return typed.day(text.removesuffix(" 00:00:00"), last=last).isoformat()
    except ValueError as error:
        raise CellError(f"{quoted(text)}\u00a0: {_sentence(error)}") from error


def _number(text: str) -> Decimal:
    try:
        return typed.number(text)
    except ValueError as error:
        raise CellError(f"{quoted(text)}\u00a0: {_sentence(error)}") from error


def _decimal(text: str, column: Any) -> Json:
    # A thousand degrees is no place: the point is that of decimals.
    number = _number(text.replace(".", ",") if column.name in _DEGREES else text)
    rounded = round(number, column.decimal_places)
    return format(rounded.normalize() if rounded else Decimal(0), "f")


def _count(text: str, _: Reading) -> Json:
    number = _number(text)
    if number != int(number):
        raise CellError(f"{quoted(text)} n’est pas un nombre entier")
    return int(number)


def _year(text: str, reading: Reading) -> Json:
    """A year, or the year of a date, the number that a spreadsheet keeps of it included."""
    if re.fullmatch(r"\d{4}(,0+)?", text, re.ASCII):
        return int(text[:4])
    with suppress(CellError):
        return int(_date(text, reading)[:4])
    raise CellError(f"{quoted(text)} n’est pas une année\u00a0: écrivez-la en quatre chiffres")


def _sentence(error: ValueError) -> str:
    """What follows a colon."""
    words = str(error).rstrip(".")
    return words[:1].lower() + words[1:]


def _address(text: str, _: Reading) -> Json:
    if re.match(r"[a-z]+://", text, re.IGNORECASE) or " " in text or "." not in text:
        return text
    return f"https://{text}"


def _phone(text: str, _: Reading) -> Json:
    """A French number whose first zero a spreadsheet took off has it again."""
    digits = re.sub(r"\D", "", text)
    return f"0{digits}" if len(digits) == 9 and digits == text and digits[0] != "0" else text


def same_phone(text: str, value: Json) -> bool:
    """Whether two numbers are one, however their figures are grouped."""
    ours, theirs = (re.sub(r"\D", "", each) for each in (text, str(value or "")))
    return (
        bool(ours) and ours.zfill(10) == theirs.zfill(10) and ("+" in text) == ("+" in str(value))
    )
