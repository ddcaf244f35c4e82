"""What a file seems to hold: its table, the line of its titles, the column behind each title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from core.sheets import Book, Sheet, SheetRow
from core.text import normalise
from workspace.imports.columns import GUIDE_TITLE, POLES, REASON_LABEL, Table, tables

SAMPLE_ROWS = 40
_SAMPLES = 3
_TITLE_ROWS = 25
_LEAST_RECOGNISED = 2


@dataclass
class Source:
    """A sheet as it is to be read. ``columns``: by position (from 0), the key that it holds."""

    sheet: int
    title: str
    table: str
    header: int
    columns: dict[int, str]
    headers: dict[int, str] = field(default_factory=dict)
    samples: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def unread(self) -> list[int]:
        return [position for position in self.headers if position not in self.columns]

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "title": self.title,
            "table": self.table,
            "header": self.header,
            "columns": {str(position): key for position, key in self.columns.items()},
            "headers": {str(position): text for position, text in self.headers.items()},
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Source":
        return cls(
            said["sheet"],
            said["title"],
            said["table"],
            said["header"],
            {int(position): key for position, key in said["columns"].items()},
            {int(position): text for position, text in said["headers"].items()},
        )


def recognise(book: Book) -> list[Source]:
    """The registry's own tables if the file holds any, else the sheet that looks most like one."""
    found = []
    for sheet in book.sheets:
        if sheet.title != GUIDE_TITLE:
            source = recognise_sheet(book, sheet)
            if source.headers:
                found.append(source)
    own = [source for source in found if _is_own(source)]
    if own:
        # The export's tables, each once, in the order in which they name one another.
        order = list(tables())
        by_table = {source.table: source for source in reversed(own)}
        return sorted(by_table.values(), key=lambda source: order.index(source.table))
    visible = [source for source in found if not book.sheets[source.sheet].hidden] or found
    return [max(visible, key=lambda source: len(source.columns))] if visible else []


def recognise_sheet(book: Book, sheet: Sheet, header: int = 0, table: str = "") -> Source:
    """The likely meaning of a sheet; ``header`` and ``table`` where the person has chosen them."""
    rows = list(islice(book.rows(sheet.index), SAMPLE_ROWS))
    wanted = [tables()[table]] if table in tables() else list(tables().values())
    titles = [row for row in rows if row.line == header] or rows[:_TITLE_ROWS]
    best: tuple[int, int, int] | None = None
    chosen, chosen_row = wanted[0], titles[0] if titles else SheetRow(1, ())
    for place, row in enumerate(titles):
        for rank, each in enumerate(wanted):
            score = (len(_guessed(row.cells, each)), -place, -rank)
            if best is None or score > best:
                best, chosen, chosen_row = score, each, row
    if best is not None and best[0] < _LEAST_RECOGNISED and not header:
        # Nothing is recognised: the titles are likely the first row that is not a mere heading.
        chosen_row = next((row for row in titles if sum(map(bool, row.cells)) > 1), chosen_row)
    source = Source(
        sheet.index,
        sheet.title,
        chosen.name,
        chosen_row.line,
        _guessed(chosen_row.cells, chosen),
        notes=list(sheet.notes),
    )
    _describe(source, chosen_row, [row for row in rows if row.line > chosen_row.line])
    _leave_names_without_consent(source)
    return source


def _guessed(cells: Sequence[str], table: Table) -> dict[int, str]:
    """The columns whose title is known, each key once: the first to bear it."""
    known = table.by_word
    guessed: dict[int, str] = {}
    for position, cell in enumerate(cells):
        key = known.get(normalise(cell[:120])) if cell else None
        if key and key not in guessed.values():
            guessed[position] = key
    return guessed


def _describe(source: Source, header: SheetRow, below: Sequence[SheetRow]) -> None:
    width = max([len(header.cells), *(len(row.cells) for row in below)], default=0)
    for position in range(width):
        title = header.cells[position].strip() if position < len(header.cells) else ""
        cells = [row.cells[position] for row in below if position < len(row.cells)]
        samples = [" ".join(cell.split()) for cell in cells if cell.strip()][:_SAMPLES]
        if title or samples:
            source.headers[position] = " ".join(title.split())[:120]
            source.samples[position] = [
                cell if len(cell) <= 60 else f"{cell[:60]}…" for cell in samples
            ]


def _leave_names_without_consent(source: Source) -> None:
    keys = source.columns.values()
    if source.table == POLES and "contact_name" in keys and "contact_consent_on" not in keys:
        source.columns = {at: k for at, k in source.columns.items() if k != "contact_name"}
        source.notes.append(
            "Le nom d’une personne ne s’enregistre qu’avec son accord, daté : faute de colonne "
            "pour la date, la colonne des noms n’est pas lue."
        )


def _is_own(source: Source) -> bool:
    """Whether the titles are those of an export or of the template, a few of them at least."""
    table = tables()[source.table]
    if source.title != table.title:
        return False
    labels = {column.label for column in table} | {REASON_LABEL}
    bear = [title for title in source.headers.values() if title in labels]
    return len(bear) >= _LEAST_RECOGNISED and len(bear) == len(source.headers)
