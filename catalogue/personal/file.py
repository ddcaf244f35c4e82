"""What is held of a person, as the file that is handed to them."""

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.http import FileResponse, HttpResponse
from django.utils import timezone

from core.sheets import OutTable, write_workbook

_IN_MEMORY = 2 * 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(tables: Iterable[OutTable], name: str) -> HttpResponse:
    """A workbook to keep, which no cache does; ``name``: of the file, without its day."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    write_workbook(tables, file)
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}-{timezone.localdate().isoformat()}.xlsx",
        content_type=_XLSX,
    )
    response.headers["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)
