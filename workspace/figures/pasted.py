"""A table of figures as it is pasted: years in lines or in columns, found out by what it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.text import normalise
from core.typed import grid

FIGURES = ("jobs_fte", "local_jobs_fte", "members", "turnover_eur", "beneficiaries")
COLUMNS = (*FIGURES, "source")
_WORDS = {
    "jobs_fte": "emplois|emploi|etp|emplois etp|effectif|effectifs|salaries|nombre d emplois|"
    "emplois en etp|etp total|emplois total",
    "local_jobs_fte": "emplois non delocalisables|non delocalisables|dont non delocalisables|"
    "emplois non delocalisables etp|emplois locaux|etp non delocalisables",
    "members": "membres|nombre de membres|adherents|structures|structures membres|membre",
    "turnover_eur": "chiffre d affaires|ca|chiffre d affaires euros|chiffre d affaires eur|"
    "chiffre d affaires en euros|chiffre d affaires e|budget",
    "beneficiaries": "beneficiaires|nombre de beneficiaires|usagers|publics|personnes accompagnees",
    "source": "source|sources|origine",
}
_COLUMN_OF = {word: name for name, words in _WORDS.items() for word in words.split("|")}
_YEAR = re.compile(r"(?:19[9]\d|20\d\d|2100)", re.ASCII)
_MOST_YEARS = 60


@dataclass
class PastedFigures:
    """``cells``: what was written, by year and column; ``left``: the titles that mean nothing here.

    ``fault``: why nothing could be read, in French.
    """

    cells: dict[tuple[int, str], str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    fault: str = ""

    @property
    def years(self) -> list[int]:
        return sorted({year for year, _ in self.cells})


def read_figures(text: str, year: int | None = None, column: str = "") -> PastedFigures:
    """Any text has its answer. ``year`` and ``column``: the cell in which it was pasted, from which
    a block that names no year of its own goes right and down, the latest year first."""
    rows = grid(text)
    if not rows:
        return PastedFigures(fault="Collez au moins une ligne.")
    width = max(map(len, rows))
    table = [[*row, *[""] * (width - len(row))] for row in rows]
    if _years(table[0][1:]):
        # Years in columns: the same table, turned.
        return _by_year([list(cells) for cells in zip(*table, strict=True)])
    if _years([row[0] for row in table]):
        return _by_year(table)
    if _years(table[0]):
        return _by_year([list(cells) for cells in zip(*table, strict=True)])
    if year is not None and column in COLUMNS:
        return _from(table, year, column)
    return PastedFigures(
        fault="Aucune année n’est reconnue\u00a0: écrivez-les dans la première ligne, ou colonne."
    )


def _years(cells: Sequence[str]) -> list[int]:
    return [int(cell) for cell in cells if _YEAR.fullmatch(cell)]


def _by_year(table: Sequence[Sequence[str]]) -> PastedFigures:
    """Years in the first column; a line above them names the others, else they come in order."""
    named = not _YEAR.fullmatch(table[0][0])
    titles = table[0][1:] if named else []
    names = [_COLUMN_OF.get(normalise(title), "") for title in titles]
    names = [name if name not in names[:place] else "" for place, name in enumerate(names)]
    if not any(names):
        names = list(COLUMNS[: len(table[0]) - 1])
        titles = []
    read = PastedFigures(
        left=[title for title, name in zip(titles, names, strict=False) if title and not name]
    )
    for row in table[1:] if named else table:
        if not _YEAR.fullmatch(row[0]) or len(read.years) >= _MOST_YEARS:
            continue
        for name, cell in zip(names, row[1:], strict=False):
            if name and cell:
                read.cells[int(row[0]), name] = cell
    if not read.cells:
        read.fault = "Les années sont reconnues, mais aucun chiffre n’est écrit à côté."
    return read


def _from(table: Sequence[Sequence[str]], year: int, column: str) -> PastedFigures:
    names = COLUMNS[COLUMNS.index(column) :]
    read = PastedFigures()
    for down, row in enumerate(table[:_MOST_YEARS]):
        for name, cell in zip(names, row, strict=False):
            if cell and year - down >= 1990:
                read.cells[year - down, name] = cell
    return read
