"""Spreadsheets as they arrive: honest, clumsy, damaged and hostile."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.styles import Font

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(
    rows: Iterable[Sequence[Any]] = (), shape: Callable[[Any, Any], None] | None = None
) -> bytes:
    """An XLSX of one sheet; ``shape`` gets the workbook and its sheet before they are saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if shape:
        shape(book, sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return archive.read(name)


def edited(raw: bytes, name: str, old: str, new: str) -> bytes:
    """The same archive with a text of one part replaced."""
    text = part(raw, name).decode()
    assert old in text, text[:2000]
    return with_part(raw, name, text.replace(old, new).encode())


def sheet_xml(inside: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()


def with_sheet(inside: str, raw: bytes | None = None) -> bytes:
    """A workbook whose sheet is written by hand."""
    return with_part(raw or workbook([["x"]]), "xl/worksheets/sheet1.xml", sheet_xml(inside))


def truncated(raw: bytes) -> bytes:
    return raw[: len(raw) * 2 // 3]


def bomb(announced: int | None = None, gigabytes: int = 3) -> bytes:
    """A workbook whose sheet unpacks to gigabytes; ``announced``: the size that its zip says."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = compressor.compress(sheet_xml("<sheetData>").replace(b"</worksheet>", b""))
    head += compressor.flush(zlib.Z_FULL_FLUSH)
    # Each block stands by itself, so that one is made and repeated.
    block = compressor.compress(b" " * (1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    packed = head + block * (1024 * gigabytes) + compressor.flush()
    size = announced or (1 << 30) * gigabytes
    raw = workbook([["x"]])
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        place = out.tell()
        name = b"xl/worksheets/sheet1.xml"
        sizes = (0, len(packed), min(size, 0xFFFFFFFE))
        out.write(struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, len(name), 0))
        out.write(name + packed)
        info = zipfile.ZipInfo(name.decode())
        info.header_offset, info.compress_size, info.file_size = place, sizes[1], sizes[2]
        info.CRC, info.external_attr = 0, 0
        info.compress_type = zipfile.ZIP_DEFLATED
        new.filelist.append(info)
        new.NameToInfo[info.filename] = info
        new.start_dir = out.tell()
        new._didModify = True  # type: ignore[attr-defined]
    return out.getvalue()


def many_empty_rows(raw_rows: Sequence[Sequence[Any]], empty: int = 100_000) -> bytes:
    """A table, then that many rows of coloured and empty cells, then one more row."""
    body = "".join(
        f'<row r="{number}"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'
        for number in range(len(raw_rows) + 1, len(raw_rows) + empty + 1)
    )
    rows = "".join(_row(number, row) for number, row in enumerate(raw_rows, start=1))
    last = _row(len(raw_rows) + empty + 1, ["fin"])

    def bold(_: Any, sheet: Any) -> None:
        sheet["A1"].font = Font(bold=True)

    return with_sheet(f"<sheetData>{rows}{body}{last}</sheetData>", workbook([["x"]], bold))


def _row(number: int, cells: Sequence[Any]) -> str:
    inside = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for i, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'
