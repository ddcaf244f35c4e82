"""Opening a file by what it holds, whatever its name says."""

from core.sheets.book import Book
from core.sheets.delimited import DelimitedFile, not_a_table
from core.sheets.workbook import Workbook
from core.tables import FileRefusedError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_book(raw: bytes, name: str) -> Book:
    """Raises FileRefusedError, in French and for the person who sent it, for anything else."""
    if not raw.strip():
        raise FileRefusedError(f"{name}\u00a0: le fichier est vide.")
    if raw.startswith(b"PK"):
        _refuse_other_archives(raw, name)
        return Workbook(raw, name)
    if raw.startswith(_OLE):
        raise FileRefusedError(
            f"{name}\u00a0: c’est un classeur à l’ancien format .xls, ou protégé par un mot de "
            "passe. Enregistrez-le au format .xlsx, sans mot de passe."
        )
    start = raw[:200].lstrip().lower()
    if start.startswith((b"%pdf", b"{\\rtf", b"<")):
        raise not_a_table(name)
    return DelimitedFile(raw, name)


def _refuse_other_archives(raw: bytes, name: str) -> None:
    """Each program's own format is told how to become the one that is read."""
    start, end = raw[:4096], raw[-65536:]
    if b"opendocument" in start:
        raise FileRefusedError(
            f"{name}\u00a0: c’est un classeur OpenDocument (.ods). Enregistrez-le au format "
            ".xlsx ou .csv."
        )
    if b"xl/workbook.bin" in end or b"Index/Document.iwa" in end:
        raise FileRefusedError(
            f"{name}\u00a0: ce format de classeur ne se lit pas ici. Enregistrez-le au format "
            ".xlsx."
        )
