"""The officers' table of results of a call, as a page and as a tagged PDF."""

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from calls.admin.conduct import call_or_404
from calls.admin.letter_templates import pdf_answer
from calls.models import Application, Call
from calls.results import ResultsTable, every_file, result_files, results_pdf, retained
from core.admin import RegistryAdmin

_NOT_PUBLIC = (
    "Document de travail du ministère\u00a0: les candidatures, les avis et les refus ne sont pas "
    "publics."
)


def results_urls(admin: RegistryAdmin) -> list:
    wrap = admin.admin_site.admin_view
    return [
        path(
            "<str:object_id>/resultats/",
            wrap(partial(results_view, admin)),
            name="calls_call_results",
        ),
        path(
            "<str:object_id>/resultats.pdf",
            wrap(partial(results_pdf_view, admin)),
            name="calls_call_results_pdf",
        ),
    ]


def results_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    call = _call(admin, request, object_id)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": f"Résultats\u00a0: {call.name}",
        "opts": admin.opts,
        "call": call,
        "tables": _tables(call),
        "not_public": _NOT_PUBLIC,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/results.html", context)


def results_pdf_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    call = _call(admin, request, object_id)
    title = f"Résultats\u00a0: {call.name}"
    content = results_pdf(call, title, [_NOT_PUBLIC], _tables(call), timezone.localdate())
    return pdf_answer(content, f"resultats-{call.code}.pdf")


def _call(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> Call:
    call = call_or_404(object_id)
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    return call


def _tables(call: Call) -> list[ResultsTable]:
    files = list(result_files(Application.objects.filter(call=call)))
    return [*retained(files), every_file(files)]
