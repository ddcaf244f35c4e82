"""What is proposed while one types: places and poles."""

from html import unescape

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import strip_tags

from catalogue.excerpts import Answering, excerpts
from catalogue.models import PoleIndex
from catalogue.public import public_page
from catalogue.search import find
from core.text import normalise
from territories.finding import begin_with
from territories.models import TerritoryKind

_PLACES, _POLES = 6, 5
_MIN_LENGTH = 2


@public_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """JSON: ``{"suggestions": [{"kind", "label", "detail", "url"}]}``.

    ``q``: what is typed; ``type=commune``: communes only, leading to their own page.
    """
    typed = request.GET.get("q", "").replace("\x00", "")[:100]
    words = normalise(typed)
    proposed: list[dict[str, str]] = []
    if len(words) >= _MIN_LENGTH:
        communes_only = request.GET.get("type") == "commune"
        proposed = _places(words, typed.strip(), communes_only)
        if not communes_only:
            proposed += _poles(typed)
    return JsonResponse({"suggestions": proposed})


def _places(words: str, typed: str, communes_only: bool) -> list[dict[str, str]]:
    kinds = [TerritoryKind.COMMUNE]
    if not communes_only:
        kinds += [TerritoryKind.REGION, TerritoryKind.DEPARTEMENT]
    return [
        {
            "kind": "place",
            "label": territory.label,
            "detail": territory.get_kind_display(),
            "url": territory.get_absolute_url(),
        }
        for territory in begin_with(words, typed, kinds, _PLACES)
    ]


def _poles(typed: str) -> list[dict[str, str]]:
    found = find(typed)
    ids = found.ids[:_POLES]
    why = excerpts(typed, found, ids)
    rows = {
        row.pole_id: row
        for row in PoleIndex.objects.filter(pole_id__in=ids).select_related("pole").order_by()
    }
    return [
        {
            "kind": "pole",
            "label": rows[each].pole.name,
            "detail": _detail(rows[each], why.get(each)),
            "url": reverse("directory:pole", args=[rows[each].slug]),
        }
        for each in ids
        if each in rows
    ]


def _detail(row: PoleIndex, why: Answering | None) -> str:
    """The place, and by what it was found where its name does not tell."""
    place = row.place or "pôle"
    if why is None or why.name is not None or not why.excerpts:
        return place
    found = why.excerpts[0]
    return f"{place} – {found.what}\u00a0: {unescape(strip_tags(found.text))}"
