"""A row of a sheet as changes of a record, with what is wrong in it cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass

from calls.registry.reading import split_status
from core.text import normalise
from poles.record.fields import Json
from workspace.imports.cells import CellError, Reading, quoted, same_phone, tidy, tidy_line
from workspace.imports.context import Context
from workspace.imports.row import Row, RowChanges, column_of


@dataclass
class RowReader:
    """``erases``: an empty cell empties what the record says there."""

    context: Context
    separator: str
    from_1904: bool
    erases: bool
    file_name: str

    def begin(self, row: Row) -> tuple[RowChanges, Reading]:
        """What is to be filled with the changes of ``row``, and how its cells are read."""
        found = RowChanges()
        for key, fault in row.faults.items():
            found.refuse(column_of(row.table, key).label, fault)
        return found, Reading(self.separator, self.from_1904, found.notes)

    def compare(
        self, row: Row, key: str, before: Json, found: RowChanges, reading: Reading
    ) -> None:
        """Adds the change of a column of the record, if the cell says another thing."""
        after = self.value(row, key, before, found, reading)
        if after != before:
            cell = self.context.cells[row.table][key]
            found.add(key, before, after)
            found.tell(key, column_of(row.table, key).label, cell.text(before), cell.text(after))

    def value(self, row: Row, key: str, before: Json, found: RowChanges, reading: Reading) -> Json:
        """What the cell says, or ``before`` where it says nothing else."""
        cell, text = self.context.cells[row.table][key], row.get(key)
        if key in row.faults:
            return before
        if before is not None and cell.same(text, before, reading):
            return before
        if not tidy(text):
            return cell.empty if self.erases else before
        if key == "contact_phone" and same_phone(text, before):
            return before
        if key == "maturity" and (word := self._maturity(text)):
            return word
        try:
            return cell.read(text, reading)
        except CellError as error:
            found.refuse(column_of(row.table, key).label, error)
            return before

    def source(self, row: Row) -> str:
        return f"import du fichier {quoted(self.file_name)}, ligne {row.line}"

    def _maturity(self, text: str) -> str:
        """By the words of the sources: « en émergence (2021) »."""
        for part in split_status(tidy_line(text)):
            if known := self.context.words.maturities.get(normalise(part.words)):
                return known
        return ""


Current = Mapping[str, Json]
