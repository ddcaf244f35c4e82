"""What is proposed while one types: places and poles."""

from html import unescape

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import strip_tags

from catalogue.excerpts import Answering, excerpts
from catalogue.models import PoleIndex
from catalogue.public import public_page
from catalogue.search import find
from core.text import normalise
from territories.models import FormerCommune, Territory, TerritoryKind

_PLACES, _POLES = 6, 5
_MIN_LENGTH = 2
_KIND_ORDER = Case(
    When(kind=TerritoryKind.REGION, then=Value(0)),
    When(kind=TerritoryKind.DEPARTEMENT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


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
    named = Q(normalised_name__startswith=words)
    if typed.isdigit():
        named |= Q(postal_codes__contains=[typed])
    found = list(
        Territory.objects.current()
        .filter(named, kind__in=kinds)
        .order_by(_KIND_ORDER, "-population", "name")[:_PLACES]
    )
    if len(found) < _PLACES:
        found += [
            former.commune
            for former in FormerCommune.objects.filter(normalised_name__startswith=words)
            .exclude(commune__in=[territory.pk for territory in found])
            .select_related("commune")
            .order_by("name", "id")[: _PLACES - len(found)]
        ]
    return [
        {
            "kind": "place",
            "label": territory.label,
            "detail": territory.get_kind_display(),
            "url": territory.get_absolute_url(),
        }
        for territory in dict.fromkeys(found)
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
