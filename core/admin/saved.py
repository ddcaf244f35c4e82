"""Filters of the admin's lists, kept by name by who uses them, and shared with their colleagues."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from core.models import SavedFilter

GONE = "Ce filtre ne s’applique plus à cette liste\u00a0: elle est montrée sans lui."
# Where one is in the list, and how it was opened, are no part of what one looks for.
_OF_THE_MOMENT = (PAGE_VAR, ERROR_FLAG, IS_POPUP_VAR, "all", "_to_field", "_facets")


def visible(user: Any) -> QuerySet[SavedFilter]:
    """One's own, and those that others share."""
    return SavedFilter.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def kept_query(query: QueryDict) -> str:
    """What is worth keeping of a list's address, always in the same order."""
    pairs = sorted(
        (name, value)
        for name, values in query.lists()
        for value in values
        if name not in _OF_THE_MOMENT and value
    )
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        kept.appendlist(name, value)
    return kept.urlencode()


def saved_context(request: HttpRequest, opts: Any) -> dict[str, Any]:
    """What a list shows of the filters that are kept of it; one statement, none in a popup."""
    if request.method != "GET" or IS_POPUP_VAR in request.GET:
        return {}
    current = kept_query(request.GET)
    saved = list(visible(request.user).filter(listing=opts.label_lower))
    return {
        "saved_filters": saved,
        "current_query": current,
        "keepable": not request.user.is_auditor  # type: ignore[union-attr]
        and bool(current)
        and current not in {each.query for each in saved},
        "listing": opts.label_lower,
    }


def address(saved: SavedFilter) -> str:
    """Of the list, filtered; empty where the list is no more."""
    try:
        opts = apps.get_model(saved.listing)._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_changelist"
        return f"{reverse(name)}?{saved.query}"
    except (LookupError, ValueError):
        return ""


def grouped(user: Any) -> list[dict[str, Any]]:
    """All that the person sees, with their lists' names; one statement."""
    found = []
    for saved in visible(user):
        url = address(saved)
        opts = apps.get_model(saved.listing)._meta if url else None
        of = opts.verbose_name_plural if opts else "liste qui n’existe plus"
        found.append({"saved": saved, "url": url, "of": of, "mine": saved.owner_id == user.pk})
    return found


def _save(request: HttpRequest, saved: SavedFilter) -> bool:
    saved.name = request.POST.get("name", "").replace("\x00", "").strip()[:80]
    saved.shared = "shared" in request.POST
    try:
        saved.full_clean()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    saved.save()
    return True


def keep_view(request: HttpRequest) -> HttpResponse:
    """Keeps the filter of a list under a name, then shows the list again."""
    query = kept_query(QueryDict(request.POST.get("query", "").replace("\x00", "")[:2000]))
    saved = SavedFilter(
        owner=request.user,  # type: ignore[misc]
        listing=request.POST.get("listing", "").replace("\x00", "")[:100],
        query=query,
    )
    back = address(saved)
    if not back:
        messages.error(request, "Cette liste n’existe pas.")
        return HttpResponseRedirect(reverse("admin:filters"))
    if _save(request, saved):
        messages.success(request, f"Filtre gardé\u00a0: «\u00a0{saved.name}\u00a0».")
    return HttpResponseRedirect(back)


def filters_view(admin_site: Any, request: HttpRequest) -> HttpResponse:
    """One's own filters, renamed, shared or removed; and those of others, to be used."""
    if request.method == "POST":
        number = request.POST.get("pk", "")
        mine = SavedFilter.objects.filter(owner=request.user)  # type: ignore[misc]
        saved = get_object_or_404(mine, pk=number if number.isdecimal() else 0)
        if "remove" in request.POST:
            saved.delete()
            messages.success(request, f"Filtre retiré\u00a0: «\u00a0{saved.name}\u00a0».")
        elif _save(request, saved):
            messages.success(request, f"Filtre enregistré\u00a0: «\u00a0{saved.name}\u00a0».")
        return HttpResponseRedirect(request.path)
    context = {
        **admin_site.each_context(request),
        "title": "Filtres gardés",
        "filters": grouped(request.user),
    }
    request.current_app = admin_site.name
    return TemplateResponse(request, "admin/filters.html", context)


def urls(admin_site: Any) -> list:
    def view(request: HttpRequest) -> HttpResponse:
        return filters_view(admin_site, request)

    return [
        path("filtres/", admin_site.admin_view(view), name="filters"),
        path("filtres/garder/", admin_site.admin_view(require_POST(keep_view)), name="keep_filter"),
    ]
