"""The tables and columns of the networks' spreadsheets, read from ``data/imports/columns.toml``."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from core.text import normalise

TABLE_FILE = Path(settings.BASE_DIR) / "data" / "imports" / "columns.toml"
POLES, MEMBERS, PROJECTS, FIGURES = "poles", "members", "projects", "figures"
GUIDE_TITLE = "Mode d’emploi"
# Added to the rows that are given back; read by no import.
REASON_LABEL = "Pourquoi la ligne n’a pas été importée"


@dataclass(frozen=True)
class Column:
    """``locked``: told to the reader, or names the row. ``given``: read, never written."""

    key: str
    label: str
    help: str
    words: tuple[str, ...]
    example: str = ""
    width: int = 18
    locked: bool = False
    given: bool = False


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    columns: dict[str, Column]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    @property
    def written(self) -> list[Column]:
        """The columns of an export."""
        return [column for column in self if not column.given]

    @property
    def by_word(self) -> dict[str, str]:
        """The key of each normalised title."""
        return {
            normalise(word): column.key for column in self for word in (column.label, *column.words)
        }


@cache
def tables() -> dict[str, Table]:
    with TABLE_FILE.open("rb") as file:
        read = tomllib.load(file)["table"]
    return {
        each["name"]: Table(
            each["name"],
            each["title"],
            {
                column["key"]: Column(**{**column, "words": tuple(column["words"])})
                for column in each["column"]
            },
        )
        for each in read
    }
