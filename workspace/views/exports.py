"""Spreadsheets given back: the poles of one's networks, the template, the rows refused."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.filters import PoleFilterSet
from core.sheets import Column, OutTable, csv_lines, write_workbook
from poles.models import ImportRow, ImportRun, PoleQuerySet, RowOutcome
from workspace.access import staff_page
from workspace.breadcrumb import breadcrumb
from workspace.imports.columns import POLES, REASON_LABEL, tables
from workspace.imports.exporting import Export, guide, template_tables
from workspace.imports.reading import sources_of
from workspace.queries.mine import poles_of

_IN_MEMORY = 2 * 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv; charset=utf-8"
WHOLE = "classeur"
_OFFERED = ("region", "theme", "maturite", "article9")


@staff_page
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    poles, asked = _chosen(request)
    return render(
        request,
        "workspace/imports/export.html",
        {
            "title": "Exporter mes pôles",
            "breadcrumb_data": breadcrumb("Exporter mes pôles"),
            "total": poles.count(),
            "filtered": asked is not None,
            "messages_of_filters": asked.messages if asked else [],
            "query": request.GET.urlencode(),
            "tables": tables().values(),
            "filters": _filters(request),
        },
    )


@staff_page
@require_safe
def download(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """All the tables in a workbook, or one of them in CSV."""
    if (name, form) != (WHOLE, "xlsx") and not (name in tables() and form == "csv"):
        raise Http404
    poles, _ = _chosen(request)
    out = Export(list(poles.order_by("name", "pk").values_list("pk", flat=True)))
    day = timezone.localdate().isoformat()
    if form == "csv":
        (table,) = out.tables([name])
        return _csv(table, f"ptce-{name}-{day}.csv")
    return _workbook([*out.tables(), guide(filled=True)], f"ptce-{day}.xlsx")


@staff_page
@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    if form == "csv":
        (table,) = template_tables([POLES])
        return _csv(table, "modele-ptce.csv")
    if form != "xlsx":
        raise Http404
    return _workbook([*template_tables(), guide(filled=False)], "modele-ptce.xlsx")


@staff_page
@require_safe
def refused(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The rows that are not taken, as they came, with the reason of each."""
    run = get_object_or_404(ImportRun.objects.defer("content"), pk=pk, author=request.user)
    stem = run.file_name.rsplit(".", 1)[0]
    out = list(_refused_tables(run))
    if form == "csv" and len(out) == 1:
        return _csv(out[0], f"{stem} - lignes refusées.csv")
    if form != "xlsx" or not out:
        raise Http404
    return _workbook(out, f"{stem} - lignes refusées.xlsx")


def _refused_tables(run: ImportRun) -> Iterator[OutTable]:
    left = run.rows.filter(outcome__in=(RowOutcome.REFUSED, RowOutcome.WAITING)).order_by("pk")
    present = set(left.order_by().values_list("table", flat=True).distinct())
    for source in sources_of(run):
        if source.table in present:
            width = max([*source.headers, *source.columns]) + 1
            titles = [source.headers.get(position, "") for position in range(width)]
            title = tables()[source.table].title if len(run.sources) > 1 else source.title
            yield OutTable(
                _sheet_title(title),
                [*(Column(each) for each in titles), Column(REASON_LABEL, 60)],
                _given_back(left.filter(table=source.table), width),
            )


def _given_back(rows: Any, width: int) -> Iterator[list[str]]:
    for row in rows.only("cells", "reason").iterator(chunk_size=500):
        yield [*_padded(row, width), row.reason]


def _padded(row: ImportRow, width: int) -> list[str]:
    cells = [str(cell) for cell in row.cells[:width]]
    return cells + [""] * (width - len(cells))


def _sheet_title(text: str) -> str:
    """What a workbook lets a sheet be called."""
    clean = "".join(" " if char in "[]:*?/\\" else char for char in text).strip(" '")
    return clean[:31] or "Lignes refusées"


def _chosen(request: HttpRequest) -> tuple[PoleQuerySet, PoleFilterSet | None]:
    """The poles of the person, among those that the filters of the address keep."""
    poles = poles_of(cast(Any, request.user))
    asked = PoleFilterSet(request.GET)
    if not asked.conditions:
        return poles, asked if asked.messages else None
    return poles.filter(pk__in=asked.rows().order_by().values("pole_id")), asked


def _filters(request: HttpRequest) -> list[dict[str, Any]]:
    """The filters that the page offers: name, label, choices and the one that is in use."""
    offered = PoleFilterSet(request.GET).filters
    return [
        {
            "name": name,
            "label": offered[name].label,
            "choices": offered[name].field.known(),
            "chosen": request.GET.get(name, ""),
        }
        for name in _OFFERED
    ]


def _csv(table: OutTable, name: str) -> HttpResponse:
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    for line in csv_lines(table):
        file.write(line.encode())
    return _file(file, name, _CSV)


def _workbook(out: Iterable[OutTable], name: str) -> HttpResponse:
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    write_workbook(out, file)
    return _file(file, name, _XLSX)


def _file(file: IO[bytes], name: str, kind: str) -> HttpResponse:
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    return cast(HttpResponse, response)
