"""What is proposed while one types a territory or an organisation."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from core.text import normalise
from members.finding import find
from territories.finding import begin_with, commune_of
from territories.geocoder import Answer, Place, search
from territories.models import TerritoryKind
from workspace.access import staff_page
from workspace.sections.place import token_of

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
                {
                    "value": each.pk,
                    "label": each.label,
                    "detail": each.get_kind_display(),
                    "latitude": each.latitude,
                    "longitude": each.longitude,
                }
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


@require_safe
@staff_page
def addresses(request: HttpRequest) -> HttpResponse:
    """The same, of addresses: with the point, and whether the geocoder is sure of it."""
    typed = _typed(request)
    answer = search(typed) if typed else Answer()
    return JsonResponse({"suggestions": [_address(place) for place in answer.places]})


def _address(place: Place) -> dict[str, Any]:
    commune = commune_of(place.citycode)
    return {
        "value": token_of(place),
        "label": place.label,
        "detail": "" if place.sure else "à vérifier",
        "latitude": place.latitude,
        "longitude": place.longitude,
        "sure": place.sure,
        "seat": {"value": commune.pk, "label": commune.label} if commune else None,
    }
