"""Importing a spreadsheet: the file, its columns, what it would do, then done or not at all."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.sheets import Book, FileRefusedError, open_book
from core.uploads import too_big
from networks.models import User
from networks.permissions import can_create
from poles.models import ImportRun, ImportState
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.imports.columns import tables
from workspace.imports.forms import ColumnsForm, FileForm, likely_separator, networks_for
from workspace.imports.previewing import answer, preview
from workspace.imports.recognising import Source, recognise, recognise_sheet
from workspace.imports.running import begin_reading, begin_writing, is_stalled, read_again

_RUNS_SHOWN = 10
_ROWS_SHOWN = 50
_LISTS = ("themes", "members", "coverage", "networks")


def _of(user: User, pk: int) -> ImportRun:
    """An import is its author's alone: it holds what may be published nowhere."""
    return get_object_or_404(ImportRun.objects.defer("content"), pk=pk, author=user)


@staff_page
def imports(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    networks = networks_for(user)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(user, networks, *posted, too_big=too_big(request))
    if request.method == "POST" and form.is_valid():
        network = int(form.cleaned_data["network"] or 0) or None
        require(can_create(user, network))
        run = ImportRun.objects.create(
            author=user,
            network_id=network,
            file_name=form.book_name,
            content=form.raw,
        )
        return redirect("workspace:import-columns", run.pk)
    runs = user.imports.defer("content", "sources", "options")[:_RUNS_SHOWN]
    return render(
        request,
        "workspace/imports/start.html",
        {
            "title": "Importer un tableau",
            "breadcrumb_data": breadcrumb("Importer un tableau"),
            "form": form,
            "runs": runs,
        },
    )


@staff_page
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    run = _of(request.user, pk)  # type: ignore[arg-type]
    if run.state in (ImportState.DONE, ImportState.READING, ImportState.WRITING):
        return redirect("workspace:import", pk)
    raw = bytes(ImportRun.objects.values_list("content", flat=True).get(pk=pk) or b"")
    try:
        book = open_book(raw, run.file_name)
        sources = _sources(book, run, request.GET)
    except FileRefusedError as error:
        ImportRun.objects.filter(pk=pk).update(state=ImportState.FAILED, message=str(error))
        return redirect("workspace:import", pk)
    form = ColumnsForm(
        sources,
        request.POST if request.method == "POST" else None,
        initial=_likely_reading(sources),
    )
    if request.method == "POST" and form.is_valid():
        begin_reading(
            run,
            form.chosen(),
            {
                "separator": form.cleaned_data["separator"],
                "erases": form.cleaned_data["empty"] == "erase",
                "from_1904": book.from_1904,
            },
        )
        return redirect("workspace:import", pk)
    return render(
        request,
        "workspace/imports/columns.html",
        {
            "title": f"Les colonnes de {run.file_name}",
            "breadcrumb_data": _way("Les colonnes"),
            "run": run,
            "form": form,
            "sheets": [(source, form.columns_of(source)) for source in sources],
            "single": sources[0] if len(sources) == 1 else None,
            "book": book,
            "tables": tables(),
        },
    )


def _sources(book: Book, run: ImportRun, asked: QueryDict) -> list[Source]:
    """The sheets as they seem, or the one that the person points at."""
    sheet, header = asked.get("feuille", ""), asked.get("titres", "")
    if sheet.isdecimal() and int(sheet) < len(book.sheets):
        line = int(header) if header.isdecimal() and len(header) < 8 else 0
        source = recognise_sheet(book, book.sheets[int(sheet)], line, asked.get("table", ""))
        sources = [source] if source.headers else []
    else:
        sources = recognise(book)
    if not sources:
        raise FileRefusedError(f"{run.file_name} : aucune feuille ne contient de tableau.")
    return sources


def _likely_reading(sources: list[Source]) -> dict[str, str]:
    """An export that comes back says all: what is empty there is meant to be."""
    samples = [
        sample
        for source in sources
        for position, key in source.columns.items()
        if key in _LISTS
        for sample in source.samples.get(position, [])
    ]
    comes_back = any({"id", "version"} <= set(source.columns.values()) for source in sources)
    return {
        "separator": likely_separator(samples),
        "empty": "erase" if comes_back else "keep",
    }


@staff_page
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import stands: being read or written, to be looked through, done, refused."""
    run = _of(request.user, pk)  # type: ignore[arg-type]
    if run.state == ImportState.COLUMNS:
        return redirect("workspace:import-columns", pk)
    context = {
        "title": f"Import de {run.file_name}",
        "breadcrumb_data": _way(run.file_name),
        "run": run,
        "stalled": is_stalled(run),
    }
    if run.state in (ImportState.READING, ImportState.WRITING):
        return render(request, "workspace/imports/busy.html", context)
    if run.state == ImportState.FAILED:
        return render(request, "workspace/imports/failed.html", context)
    context |= preview(run, request.GET.get("voir", ""))
    rows: Any = context.pop("rows")
    paginator: Paginator = Paginator(rows, _ROWS_SHOWN)
    context["page_obj"] = paginator.get_page(request.GET.get("page"))
    return render(request, "workspace/imports/preview.html", context)


@staff_page
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the worker works; then the page itself."""
    run = _of(request.user, pk)  # type: ignore[arg-type]
    if run.state not in (ImportState.READING, ImportState.WRITING):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("workspace:import", args=[pk])
        return response
    context = {"run": run, "stalled": is_stalled(run)}
    return render(request, "workspace/imports/_progress.html", context)


@staff_page
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    run = _of(request.user, pk)  # type: ignore[arg-type]
    if what not in _ACTS:
        raise Http404
    return _ACTS[what](request, run)


def _answer(request: HttpRequest, run: ImportRun) -> HttpResponse:
    if answer(run, request.POST):
        read_again(run)
    return redirect("workspace:import", run.pk)


def _write(request: HttpRequest, run: ImportRun) -> HttpResponse:
    begin_writing(run)
    return redirect("workspace:import", run.pk)


def _again(request: HttpRequest, run: ImportRun) -> HttpResponse:
    read_again(run)
    return redirect("workspace:import", run.pk)


def _delete(request: HttpRequest, run: ImportRun) -> HttpResponse:
    if run.state in (ImportState.READING, ImportState.WRITING) and not is_stalled(run):
        messages.warning(request, "Cet import est en cours\u00a0: attendez qu’il soit fini.")
        return redirect("workspace:import", run.pk)
    name = run.file_name
    run.delete()
    messages.success(
        request, f"Le fichier «\u00a0{name}\u00a0» et ce qui en avait été lu sont effacés."
    )
    return redirect("workspace:imports")


_ACTS = {"reponses": _answer, "ecrire": _write, "relire": _again, "effacer": _delete}


def _way(current: str) -> dict[str, Any]:
    return breadcrumb(current, (reverse("workspace:imports"), "Importer un tableau"))
