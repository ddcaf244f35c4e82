"""What is proposed while one types a territory or an organisation."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.text import normalise
from members.finding import find
from territories.finding import begin_with
from territories.models import TerritoryKind
from workspace.access import staff_page

_MOST, _LONGEST = 8, 100


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:_LONGEST].strip()


@require_safe
@staff_page
def territories(request: HttpRequest) -> HttpResponse:
    """JSON: ``{"suggestions": [{"value", "label", "detail"}]}``, of every kind of territory."""
    typed = _typed(request)
    words = normalise(typed)
    found = begin_with(words, typed, list(TerritoryKind), _MOST) if len(words) > 1 else []
    return JsonResponse(
        {
            "suggestions": [
                {"value": each.pk, "label": each.label, "detail": each.get_kind_display()}
                for each in found
            ]
        }
    )


@require_safe
@staff_page
def organisations(request: HttpRequest) -> HttpResponse:
    """The same, of the organisations of the registry."""
    return JsonResponse(
        {
            "suggestions": [
                {
                    "value": each.pk,
                    "label": each.name,
                    "detail": ", ".join(filter(None, [each.acronym, each.siren])),
                }
                for each in find(_typed(request), _MOST)
            ]
        }
    )
