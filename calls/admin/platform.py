"""The pages on which the export of the State's forms platform becomes files of a call."""

from collections import Counter
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_date

from calls.admin.conduct import call_or_404
from calls.admin.platform_forms import ColumnsForm, FileForm, chosen_lines, unused_keys
from calls.models import Call, CallColumns, CallState, PlatformImport, Strand, Wave
from calls.permissions import can_run_calls
from calls.platform.columns import NOT_READ, title_keys
from calls.platform.planning import DRAFT, LEAVE, Outcome
from calls.platform.reading import recognise
from calls.platform.writing import NothingWrittenError, apply, rehearse
from core.admin import RegistryAdmin
from core.sheets import FileRefusedError, open_book
from core.uploads import too_big
from networks.models import User

_LINES_A_PAGE = 50
_OUTCOMES = {
    Outcome.WAITING: "à choisir",
    Outcome.REFUSED: "refusés",
    Outcome.NEW: "nouveaux",
    Outcome.CHANGED: "repris",
    Outcome.DIFFERENT: "déjà là, qui diffèrent",
    Outcome.SAME: "déjà là, identiques",
    Outcome.LEFT: "laissés de côté",
}


def platform_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The file is sent here; those of the last days are found again."""
    call = _call(admin, request, object_id)
    form = FileForm()
    refused = can_run_calls(cast(User, request.user)).reason or _closed(call)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, too_big=too_big(request))
        if not refused and form.is_valid():
            arrived = PlatformImport.objects.create(
                call=call,
                author=cast(User, request.user),
                file_name=form.book_name,
                content=form.raw,
            )
            return HttpResponseRedirect(_address("columns", arrived))
    earlier = PlatformImport.objects.filter(call=call).defer("content", "rows", "choices")
    context = {
        "title": f"Export de la plateforme\u00a0: {call.name}",
        "form": form,
        "refused": refused,
        "earlier": list(earlier.select_related("author").order_by("-created_at", "-pk")[:20]),
    }
    return _page(admin, request, "admin/calls/platform.html", call, context)


def columns_view(
    admin: RegistryAdmin, request: HttpRequest, object_id: str, run: int
) -> HttpResponse:
    call = _call(admin, request, object_id)
    arrived = _arrived(call, run)
    if arrived.content is None:
        return HttpResponseRedirect(_address("preview", arrived))
    waves = list(Wave.objects.filter(call=call).order_by("code"))
    strands = list(Strand.objects.filter(call=call).order_by("code"))
    kept = CallColumns.objects.filter(call=call).first()
    refused = can_run_calls(cast(User, request.user)).reason
    try:
        book = open_book(bytes(arrived.content), arrived.file_name)
        source = recognise(book, kept.columns if kept else {}, unused_keys(waves, strands))
    except FileRefusedError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(_address("", arrived))
    parts = {"wave": arrived.wave_id, "strand": arrived.strand_id}
    initial = {name: str(pk) for name, pk in parts.items() if pk is not None}
    posted = [request.POST] if request.method == "POST" else []
    form = ColumnsForm(call, source, waves, strands, *posted, initial=initial)
    if posted and not refused and form.is_valid():
        chosen = form.chosen()
        _remember(call, source.titles, chosen)
        source.columns = {at: key for at, key in chosen.items() if key != NOT_READ}
        arrived.source = source.as_json()
        arrived.wave_id = _number(form.cleaned_data.get("wave"))
        arrived.strand_id = _number(form.cleaned_data.get("strand"))
        arrived.choices = {}
        arrived.save(update_fields=["source", "wave", "strand", "choices", "moved_at"])
        arrived.call = call
        try:
            rehearse(arrived, cast(User, request.user))
        except FileRefusedError as error:
            form.add_error(None, str(error))
        else:
            return HttpResponseRedirect(_address("preview", arrived))
    context = {
        "title": f"Colonnes\u00a0: {arrived.file_name}",
        "arrived": arrived,
        "form": form,
        "refused": refused,
        "remembered": kept is not None,
    }
    return _page(admin, request, "admin/calls/platform_columns.html", call, context)


def preview_view(
    admin: RegistryAdmin, request: HttpRequest, object_id: str, run: int
) -> HttpResponse:
    call = _call(admin, request, object_id)
    arrived = _arrived(call, run, without_content=request.method != "POST")
    if not arrived.source:
        return HttpResponseRedirect(_address("columns", arrived))
    wanted = request.GET.get("issue", "")
    rows = [row for row in arrived.rows if wanted not in _OUTCOMES or row["outcome"] == wanted]
    page = Paginator(rows, _LINES_A_PAGE).get_page(request.GET.get("page", "1"))
    refused = can_run_calls(cast(User, request.user)).reason
    if request.method == "POST":
        if refused:
            messages.error(request, refused)
        elif arrived.applied_at is not None:
            messages.info(request, "Ce fichier est déjà enregistré.")
        elif request.POST.get("action") == "confirm":
            _confirm(request, arrived)
        else:
            every = request.POST.get("action") == "drafts"
            drafts = _nothing_like(arrived) if every else []
            _choose(request, arrived, page.object_list, drafts)
        return HttpResponseRedirect(request.get_full_path())
    counts = Counter(row["outcome"] for row in arrived.rows)
    written = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    context = {
        "title": f"Aperçu\u00a0: {arrived.file_name}",
        "arrived": arrived,
        "refused": refused,
        "page_obj": page,
        "rows": [_shown(row, arrived.choices) for row in page.object_list],
        "wanted": wanted,
        "total": len(arrived.rows),
        "counts": [
            (str(outcome), words, counts[outcome])
            for outcome, words in _OUTCOMES.items()
            if counts[outcome]
        ],
        "drafts": len(_nothing_like(arrived)),
        "written": written,
        "unwritten": counts[Outcome.WAITING] + counts[Outcome.REFUSED],
        "query": urlencode({"issue": wanted}) if wanted else "",
    }
    return _page(admin, request, "admin/calls/platform_preview.html", call, context)


def _call(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> Call:
    call = call_or_404(object_id)
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    return call


def _arrived(call: Call, run: int, *, without_content: bool = False) -> PlatformImport:
    found = PlatformImport.objects.filter(call=call, pk=run)
    arrived = (found.defer("content") if without_content else found).first()
    if arrived is None:
        raise Http404
    arrived.call = call
    return arrived


def _address(page: str, arrived: PlatformImport) -> str:
    if not page:
        return reverse("admin:calls_call_platform", args=[arrived.call_id])
    return reverse(f"admin:calls_call_platform_{page}", args=[arrived.call_id, arrived.pk])


def _closed(call: Call) -> str:
    """Why no file could be recorded; its waves say so themselves in a permanent call."""
    if not call.run_in_registry or call.permanent:
        return ""
    if call.state in (CallState.OPEN, CallState.REVIEW):
        return ""
    return "Un dossier s’enregistre tant que l’appel est ouvert ou en instruction."


def _remember(call: Call, titles: list[str], chosen: dict[int, str]) -> None:
    """Kept for the call, with the titles of earlier exports that this one lacks."""
    kept, _ = CallColumns.objects.get_or_create(call=call)
    keys = title_keys(titles)
    said = {keys[at]: key for at, key in chosen.items() if at < len(keys) and keys[at]}
    columns = {**kept.columns, **said}
    if columns != kept.columns:
        kept.columns = columns
        kept.save(update_fields=["columns"])


def _number(value: str | None) -> int | None:
    return int(value) if value else None


def _nothing_like(arrived: PlatformImport) -> list[str]:
    """The lines, on whichever page, that wait and that no known pole is like."""
    return [
        str(row["line"])
        for row in arrived.rows
        if row["outcome"] == Outcome.WAITING and not row["candidates"] and not row["reason"]
    ]


def _choose(request: HttpRequest, arrived: PlatformImport, lines: Any, drafts: list[str]) -> None:
    """``drafts``: lines that become drafts unless something else is chosen for them."""
    chosen = chosen_lines(request.POST, lines, arrived.choices)
    arrived.choices = {**{line: {"pole": DRAFT} for line in drafts}, **chosen}
    arrived.save(update_fields=["choices", "moved_at"])
    try:
        rehearse(arrived, cast(User, request.user))
    except FileRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Choix enregistrés. Rien n’est encore écrit dans l’appel.")


def _confirm(request: HttpRequest, arrived: PlatformImport) -> None:
    try:
        number = apply(arrived, cast(User, request.user))
    except (NothingWrittenError, FileRefusedError) as error:
        messages.error(request, str(error))
        return
    messages.success(
        request,
        f"{number} dossier{'s' if number > 1 else ''} enregistré{'s' if number > 1 else ''}.",
    )


def _shown(row: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """A line as the page draws it, with what is chosen of it."""
    choice = choices.get(str(row["line"]), {})
    return {
        **row,
        "line": str(row["line"]),
        "pole_value": str(row["pole"] or ""),
        "candidates": [[str(pk), *words] for pk, *words in row["candidates"]],
        "received": parse_date(row["received"]),
        "requested": Decimal(row["requested"]) if row["requested"] else None,
        "words": _WORDS[row["outcome"]],
        # What is already in the call stays with its pole.
        "asks": row["application"] is None and row["outcome"] != Outcome.REFUSED,
        "takes": row["outcome"] in (Outcome.CHANGED, Outcome.DIFFERENT),
        "chosen": choice.get("pole", row["default"]),
        "typed": choice.get("typed", ""),
        "DRAFT": DRAFT,
        "LEAVE": LEAVE,
    }


_WORDS = {
    Outcome.WAITING: "pôle à choisir",
    Outcome.REFUSED: "refusé",
    Outcome.NEW: "nouveau",
    Outcome.CHANGED: "déjà là, repris",
    Outcome.DIFFERENT: "déjà là, diffère",
    Outcome.SAME: "déjà là, identique",
    Outcome.LEFT: "laissé de côté",
}


def _page(
    admin: RegistryAdmin, request: HttpRequest, template: str, call: Call, context: dict[str, Any]
) -> HttpResponse:
    request.current_app = admin.admin_site.name
    whole = {**admin.admin_site.each_context(request), "opts": admin.opts, "call": call, **context}
    return TemplateResponse(request, template, whole)
