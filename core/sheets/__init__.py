"""Spreadsheets as people send them (CSV, XLSX), and as they are given back.

`open_book` reads whatever is a table and refuses the rest with `FileRefusedError`; nothing in a
file is ever evaluated. `Table`s are written by `csv_bytes` and `write_workbook`.
"""

from core.sheets.book import Book, Sheet, SheetRow
from core.sheets.guard import guarded, unguarded
from core.sheets.reading import open_book
from core.sheets.writing import Column, OutTable, csv_lines, write_workbook
from core.tables import FileRefusedError

__all__ = [
    "Book",
    "Column",
    "FileRefusedError",
    "OutTable",
    "Sheet",
    "SheetRow",
    "csv_lines",
    "guarded",
    "open_book",
    "unguarded",
    "write_workbook",
]
