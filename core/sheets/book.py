"""A file that was opened: its sheets, and their rows as texts."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SheetRow:
    """A row that says something: its line in the file (from 1) and its cells as texts.

    A date is ``2024-03-01``, a number has a decimal comma, yes and no are ``oui`` and ``non``.
    ``faults``: by position (from 0), why a cell cannot be read.
    """

    line: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A table of the file. ``notes`` say in French what a reader might not expect of it."""

    index: int
    title: str
    hidden: bool = False
    notes: tuple[str, ...] = ()


class Book(ABC):
    """``format``: csv or xlsx. ``from_1904``: bare numbers count their days from 1904."""

    format: str
    sheets: list[Sheet]
    from_1904: bool = False

    @abstractmethod
    def rows(self, index: int) -> Iterator[SheetRow]:
        """The rows that are not empty; raises FileRefusedError on the way if they are damaged."""
