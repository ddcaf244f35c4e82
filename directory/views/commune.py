"""In my commune: the poles that cover it, those around it, and whom to ask."""

from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse

from catalogue.filters import DEFAULT_RADIUS_KM, PoleFilterSet
from catalogue.models import PoleIndex
from catalogue.places import point_of
from catalogue.public import public_page
from directory.queries.communes import SHOWN, commune_today, poles_around
from directory.queries.territory import contacts_in
from directory.selection import Card, cards
from territories.finding import candidates

RADII_KM = (10, 25, 50, 100)
_MAX_LENGTH = 100


@public_page
def commune_search(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:_MAX_LENGTH]
    found = candidates(typed) if typed else None
    if found is not None and found.meant is not None:
        return HttpResponseRedirect(found.meant.get_absolute_url())
    return render(
        request,
        "directory/commune_search.html",
        {
            "title": "Dans ma commune",
            "description": (
                "Les pôles territoriaux de coopération économique qui couvrent une commune, ceux "
                "qui l’entourent, et les réseaux de la région à contacter."
            ),
            "breadcrumb_data": {"links": [], "current": "Dans ma commune"},
            "typed": typed,
            "candidates": found,
        },
    )


@public_page
def commune(request: HttpRequest, code: str) -> HttpResponse:
    here = commune_today(code)
    if here is None or here.departement is None or here.region is None:
        raise Http404
    if here.code != code:
        return HttpResponsePermanentRedirect(reverse("directory:commune", args=[here.code]))
    wished = request.GET.get("rayon", "")
    radius = int(wished) if wished in {str(each) for each in RADII_KM} else int(DEFAULT_RADIUS_KM)
    around = poles_around(here, radius)
    return render(
        request,
        "directory/commune.html",
        {
            "title": f"Dans ma commune\u00a0: {here.label}",
            "description": (
                f"{here.label}\u00a0: les pôles territoriaux de coopération économique qui "
                "couvrent la commune ou l’entourent, et les réseaux de la région à contacter."
            ),
            "breadcrumb_data": {
                "links": [{"url": reverse("directory:commune-search"), "title": "Dans ma commune"}],
                "current": here.label,
            },
            "commune": here,
            "located": point_of(here) is not None,
            "radius": radius,
            "radii": RADII_KM,
            "covering": _list(around.covering, {"commune": here.code}),
            "near": _list(around.near, {"pres": here.code, "rayon": radius}),
            "approximate": _list(around.approximate, {"region": here.region.code}),
            "contacts": contacts_in(here.region.code),
        },
    )


def _list(rows: list[PoleIndex], filters: dict[str, object]) -> dict[str, object]:
    """The cards to show, and the query string of the whole list when there are more."""
    shown: list[Card] = cards(PoleFilterSet(QueryDict()), rows[:SHOWN])
    return {
        "cards": shown,
        "query": urlencode(filters),
        "more": len(rows) > SHOWN,
    }
