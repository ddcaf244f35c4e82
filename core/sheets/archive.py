"""A workbook before it is parsed: how much it unpacks to, and what its sheets hide.

The sizes that a zip announces are not believed: each part is unpacked by pieces and counted, and
its elements too, since a few bytes of XML may become a hundred times their weight in memory.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from core.sheets import limits
from core.tables import FileRefusedError

_PIECE = 256 * 1024
_XML = (".xml", ".rels", ".vml")
_STREAMED = {"worksheet", "sst"}
# What no reader of values opens: counted, never parsed.
_ASIDE = ("xl/externalLinks/", "xl/pivotCache/", "xl/media/", "xl/embeddings/", "customXml/")


@dataclass
class SheetFacts:
    """What a sheet holds beside its values; rows and columns from 1."""

    columns: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First column, first row, last column, last row."""
    without_result: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of the formulas whose result was not saved."""


def too_big(name: str) -> FileRefusedError:
    return FileRefusedError(
        f"{name}\u00a0: une fois décompressé, le classeur est démesuré pour ce qu’il contient. "
        "Copiez les seules cases utiles dans un nouveau classeur."
    )


def damaged(name: str) -> FileRefusedError:
    return FileRefusedError(
        f"{name}\u00a0: le classeur est endommagé ou incomplet. Ouvrez-le dans votre tableur, "
        "enregistrez-le de nouveau au format .xlsx, puis réessayez."
    )


def inspect(raw: bytes, name: str) -> dict[str, SheetFacts]:
    """The facts of each part that is a sheet; refuses what is damaged or beyond `limits`."""
    found: dict[str, SheetFacts] = {}
    unpacked = 0
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > limits.PARTS:
            raise too_big(name)
        for part in parts:
            if part.flag_bits & 0x1:
                raise FileRefusedError(
                    f"{name}\u00a0: le classeur est protégé par un mot de passe. Enregistrez-en "
                    "une copie sans mot de passe."
                )
            aside = part.filename.startswith(_ASIDE) or not part.filename.endswith(_XML)
            reader = None if aside else _PartReader(name)
            with archive.open(part) as stream:
                while piece := stream.read(_PIECE):
                    unpacked += len(piece)
                    if unpacked > limits.UNPACKED_BYTES or (
                        unpacked > limits.RATIO_FROM_BYTES
                        and unpacked > limits.UNPACKED_RATIO * len(raw)
                    ):
                        raise too_big(name)
                    if reader:
                        reader.feed(piece)
            if reader and reader.close() == "worksheet":
                found[part.filename] = reader.facts
    return found


class _PartReader:
    """Counts the elements of a part as they pass; of a sheet, notes its facts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.facts = SheetFacts()
        self.root = ""
        self.count = self.depth = 0
        self.row = self.cells = 0
        self.reference = ""
        self.formula = self.result = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {}

    def feed(self, piece: bytes) -> None:
        self.parser.Parse(piece, False)

    def close(self) -> str:
        """The name of the part's root."""
        self.parser.Parse(b"", True)
        return self.root

    def _refuse_doctype(self, *_: object) -> None:
        # No office program writes one: it is there to unpack into something else.
        raise too_big(self.name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(" ")[2]
        self.count += 1
        self.depth += 1
        if not self.root:
            self.root = tag
            if tag == "worksheet":
                self.starts = {
                    "c": self._cell,
                    "row": self._row,
                    "f": self._formula,
                    "v": self._value,
                    "col": self._columns,
                    "mergeCell": self._merge,
                }
        most = limits.STREAMED_ELEMENTS if self.root in _STREAMED else limits.PLAIN_ELEMENTS
        if self.count > most or self.depth > limits.DEPTH:
            raise too_big(self.name)
        start = self.starts.get(tag)
        if start:
            start(attributes)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if tag.endswith(" row") and self.starts:
            self.facts.columns = max(self.facts.columns, self.cells, self._position())
        if not self.formula:
            return
        if tag.endswith(" v"):
            self.parser.CharacterDataHandler = None
        elif tag.endswith(" c"):
            self.formula = False
            if not self.result and len(self.facts.without_result) < limits.REMEMBERED_FORMULAS:
                self.facts.without_result.add((self.row, self._position()))

    def _position(self) -> int:
        if self.reference:
            return column_index_from_string(coordinate_from_string(self.reference)[0])
        return self.cells

    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isdecimal() else self.row + 1
        self.cells, self.reference = 0, ""
        if attributes.get("hidden") in {"1", "true"}:
            self.facts.hidden_rows += 1

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > limits.CELLS_A_ROW:
            raise too_big(self.name)
        self.reference = attributes.get("r", "")
        # A formula whose result is an empty text says so by its type; of a number, nothing is a
        # result that no one saved.
        self.result = attributes.get("t") == "str"
        self.formula = False

    def _formula(self, _: dict[str, str]) -> None:
        self.formula = True

    def _value(self, _: dict[str, str]) -> None:
        if self.formula:
            self.parser.CharacterDataHandler = self._text

    def _text(self, _: str) -> None:
        self.result = True

    def _columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes["min"]), int(attributes["max"])
            self.facts.hidden_columns += max(0, min(last, limits.COLUMNS) - first + 1)

    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self.facts.merged) < limits.MERGES and attributes.get("ref"):
            left, top, right, bottom = range_boundaries(attributes["ref"])
            if left and top and right and bottom:
                self.facts.merged.append((left, top, right, bottom))
