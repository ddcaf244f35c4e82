"""An administrator erases the account of a person who left."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from networks.leaving import erase, former_of
from networks.models import User
from networks.permissions import can_erase

_LONGEST_REASON = 500


def erase_view(admin: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """What would go and what would remain; erased once asked for, with a reason for the history."""
    if not admin.has_change_permission(request):
        raise PermissionDenied
    known = object_id.isdecimal() and len(object_id) < 19
    person = admin.get_queryset(request).filter(pk=object_id).first() if known else None
    if person is None:
        raise Http404
    by = cast(User, request.user)
    allowed = can_erase(by, person)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    if request.method == "POST":
        reason = request.POST.get("_why", "").strip()[:_LONGEST_REASON]
        try:
            erase(person, by=by, reason=reason)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)
        messages.success(request, f"Le compte n°\u00a0{person.pk} est effacé.")
        return HttpResponseRedirect(reverse("admin:networks_user_changelist"))
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": f"Effacer le compte\u00a0: {person}",
        "opts": admin.opts,
        "person": person,
        "former": former_of(person),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/networks/erase.html", context)
