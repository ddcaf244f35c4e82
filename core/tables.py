"""Comma-separated files as they come from outside: read whole, or refused whole with the reason."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

# A cell of a hand-made table is a sentence, not a book; a longer one is a damaged file.
CELL_LIMIT = 100_000


class FileRefusedError(Exception):
    """A file that cannot be read as a whole; its text is for the person who sent it."""


@dataclass(frozen=True)
class TableRow:
    """A row with the line of the file on which it begins, and what is wrong with its shape."""

    line: int
    cells: dict[str, str]
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Table:
    name: str
    rows: list[TableRow] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[TableRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def decode(raw: bytes, name: str) -> str:
    """The text of a file that must be UTF-8."""
    if not raw.strip():
        raise FileRefusedError(f"{name} : le fichier est vide.")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise FileRefusedError(
            f"{name}, ligne {line} : le fichier contient un octet nul ; ce n’est pas du texte "
            "en UTF-8 (classeur, archive ou autre encodage ?)."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileRefusedError(
            f"{name}, ligne {line} : le fichier n’est pas encodé en UTF-8 (octet "
            f"0x{raw[error.start]:02x}). Réenregistrez-le en « CSV UTF-8 »."
        ) from error


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileRefusedError(f"{path.name} : le fichier est introuvable ({path}).") from error
    except OSError as error:
        raise FileRefusedError(
            f"{path.name} : le fichier ne peut pas être lu ({error.strerror})."
        ) from error


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """The rows of ``path``, which must have at least ``columns``."""
    return parse_table(read_bytes(path), path.name, columns)


def parse_table(raw: bytes, name: str, columns: Sequence[str]) -> Table:
    text = decode(raw, name)
    previous_limit = csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    table = Table(name)
    header: list[str] = []
    begins = 1
    try:
        for cells in reader:
            begins, line = reader.line_num + 1, begins
            if not header:
                header = [cell.strip() for cell in cells]
                table.unknown_columns = _check_header(header, name, columns)
            elif any(cell.strip() for cell in cells):
                table.rows.append(_row(line, header, cells))
    except csv.Error as error:
        raise FileRefusedError(f"{name}, ligne {begins} : {csv_reason(error)}") from error
    finally:
        csv.field_size_limit(previous_limit)
    if not table.rows:
        raise FileRefusedError(f"{name} : le fichier n’a aucune ligne de données.")
    return table


def _check_header(header: list[str], name: str, columns: Sequence[str]) -> list[str]:
    """The columns that nobody asked for; a missing or repeated one refuses the file."""
    missing = [column for column in columns if column not in header]
    if missing:
        hint = ""
        if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
            hint = " Les colonnes doivent être séparées par des virgules."
        raise FileRefusedError(
            f"{name} : colonne{'s' if len(missing) > 1 else ''} manquante"
            f"{'s' if len(missing) > 1 else ''} : {', '.join(missing)}.{hint}"
        )
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise FileRefusedError(f"{name} : colonne en double : {', '.join(repeated)}.")
    return [column for column in header if column not in columns]


def _row(line: int, header: list[str], cells: list[str]) -> TableRow:
    fault = ""
    if len(cells) != len(header):
        fault = f"{len(cells)} cellules au lieu de {len(header)}"
    # A line break inside a cell is a space to the eye, and nothing to the reader of a column.
    tidy = (" ".join(cell.split()) for cell in cells)
    return TableRow(line, dict(zip(header, tidy, strict=False)), fault)


def csv_reason(error: csv.Error) -> str:
    """What the csv module says, in French."""
    words = str(error)
    if "field limit" in words:
        limit = f"{CELL_LIMIT:,}".replace(",", "\u202f")
        return f"une cellule dépasse {limit} caractères ; le fichier est endommagé."
    if "unexpected end" in words:
        return "un guillemet ouvert n’est jamais refermé."
    return f"le format CSV n’est pas respecté ({words})."
