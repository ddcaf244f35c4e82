"""From the cells of an export to plain values, or to why they cannot be read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from stdnum.fr import siren as siren_number

from calls.platform.columns import COLUMNS, guess
from core import typed
from core.sheets import Book, FileRefusedError, SheetRow, open_book

MOST_LINES = 2_000
_TITLE_LINES = 10
_SAMPLES = 3
_NUMBER_LENGTH = 40
_MOST_EUROS = Decimal(10) ** 10
_CENTS = Decimal("0.01")


@dataclass
class Source:
    """The sheet that is read, from 0; the line of its titles, and these by position.

    ``columns``: the key that each column holds; ``samples``: a few cells of each.
    """

    sheet: int
    header: int
    titles: list[str]
    columns: dict[int, str]
    samples: dict[int, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        columns = {str(position): key for position, key in self.columns.items()}
        return {"sheet": self.sheet, "header": self.header, "columns": columns}


@dataclass
class Dossier:
    """A line of the export. ``errors``: why it is refused, in French."""

    line: int
    file_number: str = ""
    received_on: date | None = None
    siren: str = ""
    organisation: str = ""
    pole_id: str = ""
    pole: str = ""
    commune: str = ""
    commune_code: str = ""
    departement: str = ""
    requested_eur: Decimal | None = None
    contact_email: str = ""
    wave: str = ""
    strand: str = ""
    errors: list[str] = field(default_factory=list)


def recognise(book: Book, remembered: Mapping[str, str], without: set[str]) -> Source:
    """The sheet and the line of titles that look most like an export. Raises FileRefusedError."""
    best: tuple[tuple[int, int, int], Source] | None = None
    for sheet in book.sheets:
        rows = list(islice(book.rows(sheet.index), 40))
        for place, row in enumerate(rows[:_TITLE_LINES]):
            titles = [" ".join(cell.split())[:200] for cell in row.cells]
            columns = guess(titles, remembered, without)
            score = (len(columns), -sheet.index, -place)
            if best is None or score > best[0]:
                source = Source(sheet.index, row.line, titles, columns)
                source.samples = _samples(rows[place + 1 :])
                best = (score, source)
    if best is None:
        raise FileRefusedError("Ce fichier n’a aucune ligne.")
    return best[1]


def _samples(rows: list[SheetRow]) -> dict[int, list[str]]:
    samples: dict[int, list[str]] = {}
    for row in rows:
        for position, cell in enumerate(row.cells):
            text = " ".join(cell.split())
            kept = samples.setdefault(position, [])
            sample = text if len(text) <= 60 else f"{text[:60]}…"
            if sample and sample not in kept and len(kept) < _SAMPLES:
                kept.append(sample)
    return samples


def read(raw: bytes, name: str, source: Mapping[str, Any]) -> list[Dossier]:
    """The lines under the titles. Raises FileRefusedError."""
    columns = {int(position): key for position, key in source["columns"].items()}
    book = open_book(raw, name)
    dossiers = []
    for row in book.rows(source["sheet"]):
        if row.line > source["header"] and (dossier := _dossier(row, columns)) is not None:
            dossiers.append(dossier)
            if len(dossiers) > MOST_LINES:
                raise FileRefusedError(
                    f"{name}\u00a0: ce fichier a plus de {MOST_LINES} lignes. Envoyez-le en "
                    "plusieurs fois."
                )
    seen: dict[str, int] = {}
    for each in dossiers:
        if each.file_number in seen:
            each.errors.append(
                f"Ce numéro de dossier est déjà celui de la ligne {seen[each.file_number]}."
            )
        elif each.file_number:
            seen[each.file_number] = each.line
    return dossiers


def _dossier(row: SheetRow, columns: Mapping[int, str]) -> Dossier | None:
    cells = dict(enumerate(row.cells))
    if not any(cells.get(at, "").strip() or at in row.faults for at in columns):
        return None
    dossier = Dossier(row.line)
    for position, key in columns.items():
        text = " ".join(cells.get(position, "").replace("\x00", "").split())
        label = COLUMNS[key].label
        if position in row.faults:
            dossier.errors.append(f"{label}\u00a0: {row.faults[position]}.")
            continue
        try:
            setattr(dossier, key, _READERS.get(key, _words)(text))
        except ValueError as error:
            dossier.errors.append(f"{label}\u00a0: {str(error).rstrip('.')}.")
    if not dossier.file_number and not dossier.errors:
        dossier.errors.append("Cette ligne n’a pas de numéro de dossier.")
    return dossier


def _words(text: str) -> str:
    if len(text) > 250:
        raise ValueError("Ce texte est trop long.")
    return text


def _file_number(text: str) -> str:
    if len(text) > _NUMBER_LENGTH:
        raise ValueError(f"Un numéro a {_NUMBER_LENGTH} signes au plus.")
    if re.search(r"\d,\d+E\+", text, re.IGNORECASE):
        raise ValueError(f"«\u00a0{text}\u00a0» a perdu ses derniers chiffres dans le tableur.")
    return text


def _siren(text: str) -> str:
    """The nine digits of a SIREN or a SIRET, whose first zeros a spreadsheet may have taken."""
    digits = re.sub(r"[\s.-]", "", text)
    if not digits:
        return ""
    if re.fullmatch(r"\d{1,14}", digits, re.ASCII):
        digits = digits.zfill(9) if len(digits) <= 9 else digits.zfill(14)[:9]
        if siren_number.is_valid(digits):
            return digits
    raise ValueError(f"«\u00a0{text[:40]}\u00a0» n’est ni un SIRET ni un SIREN valide.")


def _day(text: str) -> date | None:
    """A day, or the day in Paris of a moment."""
    if not text:
        return None
    found = _moment(text) or typed.day(re.sub(r"\s+\d{1,2}[:h]\d\d.*$", "", text))
    if found > timezone.localdate():
        raise ValueError("Cette date est à venir.")
    return found


def _moment(text: str) -> date | None:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+([+-]\d{2}:?\d{2}|UTC)$", _offset, text))
    except ValueError:
        return None
    return (
        moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date() if moment.tzinfo else moment.date()
    )


def _offset(found: re.Match[str]) -> str:
    return "+00:00" if found[1] == "UTC" else found[1]


def _euros(text: str) -> Decimal | None:
    if not text:
        return None
    amount = typed.number(re.sub(r"\s*(euros?|eur)$", "", text, flags=re.IGNORECASE))
    if amount < 0:
        raise ValueError("Un montant demandé n’est pas négatif.")
    if amount >= _MOST_EUROS:
        raise ValueError("Ce montant est trop grand.")
    return amount.quantize(_CENTS)


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError as error:
        told = f"«\u00a0{text[:100]}\u00a0» n’est pas une adresse électronique."
        raise ValueError(told) from error
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "file_number": _file_number,
    "received_on": _day,
    "siren": _siren,
    "requested_eur": _euros,
    "contact_email": _email,
}
