"""The page from which a call is run: its steps, its budget, its files."""

from typing import Any, cast

import pghistory
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from calls.budgets import budgets
from calls.models import Application, Call, Strand, Wave
from calls.permissions import can_run_calls
from calls.steps import move, next_steps
from core.admin import RegistryAdmin
from networks.models import User


def conduct_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    call = call_or_404(object_id)
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    waves = list(Wave.objects.filter(call=call).order_by("code"))
    if request.method == "POST":
        _move(request, call, waves)
        return HttpResponseRedirect(request.path)
    strands = list(Strand.objects.filter(call=call).order_by("code"))
    files = list(files_of(call))
    moved: list[Call | Wave] = [call, *(waves if call.permanent else [])]
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Conduite\u00a0: {call.name}",
        "opts": admin.opts,
        "call": call,
        "refused": can_run_calls(cast(User, request.user)).reason,
        "moves": [
            {
                "name": "L’appel" if isinstance(each, Call) else each.name,
                "of": "call" if isinstance(each, Call) else f"wave-{each.pk}",
                "state": each.get_state_display(),
                "steps": next_steps(each),
            }
            for each in moved
        ],
        "budgets": budgets(call, waves, strands, files),
        "files": files,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/conduct.html", context)


def call_or_404(object_id: str) -> Call:
    call = Call.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if call is None:
        raise Http404
    return call


def files_of(call: Call) -> Any:
    """The applications of a call with what their rows name, by wave, strand and pole."""
    return (
        Application.objects.filter(call=call)
        .select_related("pole", "wave", "strand")
        .order_by("wave__code", "strand__code", "pole__normalised_name", "pk")
    )


def _move(request: HttpRequest, call: Call, waves: list[Wave]) -> None:
    named: dict[str, Call | Wave] = {"call": call, **{f"wave-{each.pk}": each for each in waves}}
    moved = named.get(request.POST.get("of", ""))
    why = request.POST.get("_why", "").strip()[:500]
    try:
        if moved is None:
            raise ValidationError("Cette vague n’existe plus.")
        with pghistory.context(**({"why": why} if why else {})):
            move(moved, request.POST.get("to", ""), cast(User, request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    messages.success(request, f"Étape enregistrée\u00a0: {moved.get_state_display()}.")
