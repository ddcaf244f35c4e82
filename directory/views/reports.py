"""Telling the registry of a pole or a project that it lacks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from directory.forms.pages import form_page
from directory.forms.report import ReportForm
from poles.reports import report as keep

_TITLE = "Signaler un pôle ou un projet"


@form_page
def report(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = ReportForm(request.POST, request=request)
        if form.is_valid() and form.may_be_sent():
            keep(form.reported())
            return HttpResponseRedirect(reverse("directory:reported"))
    else:
        form = ReportForm(request=request)
    return _page(request, "form", form.status, form=form)


@form_page
def reported(request: HttpRequest) -> HttpResponse:
    return _page(request, "thanks")


def _page(request: HttpRequest, name: str, status: int = 200, **context: object) -> HttpResponse:
    shared = {
        "title": _TITLE,
        "description": (
            "Faire connaître au registre national un pôle territorial de coopération économique, "
            "ou le projet d’en créer un."
        ),
        "breadcrumb_data": {"links": [], "current": _TITLE},
    }
    return render(request, f"directory/report/{name}.html", shared | context, status=status)
