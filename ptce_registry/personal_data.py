"""The officers' page of what the registry holds of a person, and the file of an account."""

from functools import partial
from typing import cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.personal.account import tables_of
from catalogue.personal.address import erase_under, held_under, tables_under
from catalogue.personal.file import workbook
from networks.models import User
from networks.permissions import can_answer_persons, can_take_data_of

_LONGEST = 254
_LONGEST_REASON = 500


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(
            "donnees-personnelles/",
            site.admin_view(
                require_http_methods(["GET", "HEAD", "POST"])(partial(of_person, site))
            ),
            name="personal_data",
        ),
        path(
            "donnees-personnelles/compte/<int:pk>/",
            site.admin_view(require_safe(of_account)),
            name="account_data",
        ),
    ]


def of_person(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """``mot``: an address or a name, never in the page's own address, that logs would keep."""
    user = cast(User, request.user)
    allowed = can_answer_persons(user)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    words = request.POST.get("mot", "").strip()[:_LONGEST]
    act = request.POST.get("acte", "")
    if words and act == "exporter":
        return workbook(tables_under(words, by=user), "donnees-personne")
    if words and act == "effacer":
        number = erase_under(
            words, by=user, reason=request.POST.get("_why", "").strip()[:_LONGEST_REASON]
        )
        messages.success(
            request,
            f"Effacé\u00a0: {number} ligne{'s' if number > 1 else ''}."
            if number
            else "Rien n’était à effacer.",
        )
        return HttpResponseRedirect(request.path)
    held = held_under(words)
    context = {
        **site.each_context(request),
        "title": "Ce que le registre garde d’une personne",
        "words": words,
        "erased": [each for each in held if not each.stays],
        "staying": [each for each in held if each.stays],
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/personal_data.html", context)


def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, erased_at=None)
    allowed = can_take_data_of(cast(User, request.user), person)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    return workbook(tables_of(person), f"donnees-compte-{person.pk}")
