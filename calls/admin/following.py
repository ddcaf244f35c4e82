"""The officers' page of what follows awards: no news, payments due, payments suspended."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from calls.following import SILENCE_MONTHS, followed
from core.admin import RegistryAdmin


def following_view(admin: RegistryAdmin, request: HttpRequest) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    today = timezone.localdate()
    context = {
        **admin.admin_site.each_context(request),
        "title": "Suivi des lauréats",
        "opts": admin.opts,
        "followed": followed(today),
        "months": SILENCE_MONTHS,
        "today": today,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/following.html", context)
