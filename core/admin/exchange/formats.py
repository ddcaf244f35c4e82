"""The two formats, as the spreadsheets of the whole registry are: `core.sheets`."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from import_export.formats.base_formats import Format
from tablib import Dataset

from core.admin.exchange.cells import Fault
from core.admin.exchange.resource import LINE, RegistryResource
from core.sheets import Column, FileRefusedError, OutTable, SheetRow, csv_lines, open_book
from core.sheets import write_workbook as write
from core.sheets.limits import ROWS


class SheetFormat(Format):
    """A table written under the heads of ``columns``, and read whatever its format is."""

    extension = content_type = label = ""

    def __init__(self, title: str = "", columns: Sequence[Column] = ()) -> None:
        self.title, self.columns = title, columns

    def get_title(self) -> str:
        return self.label

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def table(self, dataset: Dataset) -> OutTable:
        return OutTable(self.title, self.columns, dataset)

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Dataset:
        """See `read`, which needs to know the columns."""
        raise NotImplementedError


class Csv(SheetFormat):
    extension, label = "csv", "CSV, pour un tableur français"
    content_type = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return False

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return "".join(csv_lines(self.table(dataset))).encode()


class Xlsx(SheetFormat):
    extension, label = "xlsx", "Classeur Excel (.xlsx)"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, title: str = "", columns: Sequence[Column] = ()) -> None:
        super().__init__(title, columns)
        # Sheets beside it, which no import reads.
        self.more: list[OutTable] = []

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        file = BytesIO()
        write([self.table(dataset), *self.more], file)
        return file.getvalue()


FORMATS: dict[str, type[SheetFormat]] = {each.extension: each for each in (Xlsx, Csv)}


def read(raw: bytes, name: str, resource: RegistryResource) -> tuple[Dataset, list[str]]:
    """The rows of the first sheet that is shown, and what a reader might not expect of them.

    Raises FileRefusedError, in French.
    """
    book = open_book(raw, name)
    sheet = next((each for each in book.sheets if not each.hidden), book.sheets[0])
    rows = book.rows(sheet.index)
    first = next(rows, None)
    if first is None:
        raise FileRefusedError(f"{name}\u00a0: la première feuille est vide.")
    columns, unknown = _columns(first, name, resource)
    dataset = Dataset(headers=[LINE, *columns])
    for row in rows:
        if len(dataset) == ROWS:
            raise FileRefusedError(f"{name}\u00a0: le tableau a plus de {ROWS} lignes.")
        dataset.append([str(row.line), *(_cell(row, place) for place in columns.values())])
    if not len(dataset):
        raise FileRefusedError(f"{name}\u00a0: le fichier n’a aucune ligne sous ses titres.")
    notes = list(sheet.notes)
    others = [each.title for each in book.sheets if each is not sheet]
    if others:
        notes.append(f"Seule la feuille «\u00a0{sheet.title}\u00a0» est lue.")
    if unknown:
        notes.append(f"Colonnes inconnues, non lues\u00a0: {', '.join(unknown)}.")
    return dataset, notes


def _columns(
    head: SheetRow, name: str, resource: RegistryResource
) -> tuple[dict[str, int], list[str]]:
    found: dict[str, int] = {}
    unknown = []
    for place, text in enumerate(head.cells):
        code = resource.named(text)
        if code in found:
            raise FileRefusedError(
                f"{name}\u00a0: la colonne «\u00a0{text}\u00a0» y est deux fois."
            )
        if code is not None:
            found[code] = place
        elif text.strip():
            unknown.append(text.strip())
    if not found:
        raise FileRefusedError(
            f"{name}\u00a0: aucune colonne n’est reconnue. La première ligne porte les titres de "
            "l’export."
        )
    return found, unknown


def _cell(row: SheetRow, place: int) -> str:
    if place in row.faults:
        return Fault(row.faults[place])
    return row.cells[place] if place < len(row.cells) else ""
