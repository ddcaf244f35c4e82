"""What is typed of a section is kept at each pause, without being saved."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from poles.drafts import drop_draft, keep_draft
from poles.models import Draft
from workspace.access import staff_page
from workspace.base_values import read_back
from workspace.sections.base import as_typed
from workspace.views.section import pole_to_edit

_LONGEST = 500_000


@require_POST
@staff_page
def draft(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """JSON: ``{"said": …}``, when it was kept; empty where nothing is left to keep (``rien``)."""
    user: Any = request.user
    pole = pole_to_edit(request, pk)
    if "rien" in request.POST:
        drop_draft(user, pole, slug)
        return JsonResponse({"said": ""})
    typed = as_typed(request.POST)
    base = read_back(request.POST.get("base", ""), pole.pk, slug) or {}
    return too_long(typed) or kept_answer(keep_draft(user, pole, slug, typed, base))


def too_long(typed: Mapping[str, list[str]]) -> HttpResponse | None:
    """The refusal of what is too long to be kept."""
    if sum(len(value) for values in typed.values() for value in values) <= _LONGEST:
        return None
    return JsonResponse({"said": "Cette saisie est trop longue pour un brouillon."}, status=413)


def kept_answer(kept: Draft) -> HttpResponse:
    at = timezone.localtime(kept.saved_at)
    return JsonResponse({"said": f"Brouillon gardé à {at.hour}\u00a0h\u00a0{at.minute:02d}."})
