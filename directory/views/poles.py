"""The list and the map: two layouts of one selection."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from catalogue.facets import count
from catalogue.filters import PoleFilterSet
from catalogue.public import public_page
from catalogue.results import chosen_sort, possible_sorts, results
from directory.framing import framable
from directory.map_context import map_context
from directory.selection import (
    alert_query,
    cards,
    contacts,
    filters_query,
    named_places,
    region_counts,
    used_filters,
)

RADII_KM = (10, 25, 50, 100, 200)
# From this width on the list has its map beside it (static/directory/poles.css).
_WIDE = "(min-width: 78em)"
# Filters that no control of the form shows: it carries them along.
_CARRIED = ("commune", "epci", "pres", "lat", "lon", "reseau", "reconnaissance")


def _selection(request: HttpRequest) -> dict[str, Any]:
    asked = PoleFilterSet(request.GET)
    counted = count(asked)
    page = results(asked, counted.total)
    query = filters_query(request.GET)
    sorts = possible_sorts(asked)
    return {
        "asked": asked,
        "total": counted.total,
        "facets": counted.facets,
        "page_obj": page,
        "cards": cards(asked, list(page.object_list)),
        "used": used_filters(asked),
        "places": named_places(asked),
        "alert_query": alert_query(asked),
        "contacts": contacts(asked) if counted.total == 0 else [],
        "sorts": sorts,
        "sort": chosen_sort(asked),
        "query": query.urlencode(),
        "radii": RADII_KM,
        "kept": [(name, query.getlist(name)) for name in _CARRIED],
        "map": map_context(region_counts(asked, counted), query.urlencode()),
        "description": "Les pôles territoriaux de coopération économique du registre, par région, "
        "par thème et par mots, en liste et sur la carte.",
    }


@public_page
def pole_list(request: HttpRequest) -> HttpResponse:
    context = _selection(request) | {"layout": "list"}
    context["map"]["media"] = _WIDE
    if request.headers.get("HX-Request"):
        return render(request, "directory/poles/_answer.html", context)
    context["title"] = "Liste des pôles"
    context["breadcrumb_data"] = {"links": [], "current": "Liste des pôles"}
    return render(request, "directory/poles/list.html", context)


@public_page
def pole_map(request: HttpRequest) -> HttpResponse:
    if request.GET.get("integration") == "1":
        return _embedded(request)
    context = _selection(request) | {"layout": "map"}
    if request.headers.get("HX-Request"):
        return render(request, "directory/poles/_answer.html", context)
    context["title"] = "Carte des pôles"
    context["breadcrumb_data"] = {"links": [], "current": "Carte"}
    return render(request, "directory/poles/map.html", context)


@framable
@xframe_options_exempt
def _embedded(request: HttpRequest) -> HttpResponse:
    asked = PoleFilterSet(request.GET)
    query = filters_query(request.GET).urlencode()
    counted = count(asked)
    return render(
        request,
        "directory/poles/embedded.html",
        {
            "title": "Carte des pôles",
            "total": counted.total,
            "query": query,
            "map": map_context(region_counts(asked, counted), query, integration=True),
        },
    )
