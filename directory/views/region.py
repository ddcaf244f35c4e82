"""The régions: all of them, and each one."""

from dataclasses import astuple, dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalogue.fields import NOT_GIVEN
from catalogue.models import PoleIndex, Precision
from catalogue.public import public_page
from catalogue.reference import reference
from directory.content.neighbours import neighbouring_regions
from directory.map_context import drawn_regions
from directory.place_map import counted
from directory.queries.territory import contacts_in, summary_of
from directory.territory_page import territory_context


@dataclass(frozen=True)
class Row:
    """Numbers of published poles."""

    total: int = 0
    located: int = 0
    confirmed: int = 0


@public_page
def region_list(request: HttpRequest) -> HttpResponse:
    counted_rows = (
        PoleIndex.objects.order_by()
        .values_list("region")
        .annotate(
            total=Count("pole_id"),
            located=Count("pole_id", filter=Q(precision__lte=Precision.COMMUNE)),
            confirmed=Count("pole_id", filter=Q(confirmed_on__isnull=False)),
        )
    )
    rows = {code: Row(*numbers) for code, *numbers in counted_rows}
    return render(
        request,
        "directory/region_list.html",
        {
            "title": "Les régions",
            "description": (
                "Les 18 régions de France et le nombre de pôles territoriaux de coopération "
                "économique que le registre identifie dans chacune."
            ),
            "breadcrumb_data": {"links": [], "current": "Régions"},
            "regions": [
                (place, rows.get(code, Row())) for code, place in reference().regions.items()
            ],
            "elsewhere": rows.get("", Row()),
            "totals": Row(*map(sum, zip(*map(astuple, rows.values()), strict=True))),
            "drawn": drawn_regions({code: row.total for code, row in rows.items()}),
        },
    )


@public_page
def region(request: HttpRequest, slug: str) -> HttpResponse:
    known = reference()
    here = next((place for place in known.regions.values() if place.slug == slug), None)
    if here is None:
        raise Http404
    summary = summary_of("region", here.code)
    neighbours = neighbouring_regions(here.code, known.departements)
    return render(
        request,
        "directory/region.html",
        territory_context("region", here, summary)
        | {
            "title": here.name,
            "description": (
                f"{here.name}\u00a0: les pôles territoriaux de coopération économique de la "
                "région, sur la carte et en liste, leurs thèmes, et à qui s’adresser."
            ),
            "breadcrumb_data": {
                "links": [{"url": reverse("directory:region-list"), "title": "Régions"}],
                "current": here.name,
            },
            "drawing": counted(here.code, summary.departements),
            "departements": [
                (place, summary.departements.get(code, 0))
                for code, place in sorted(known.departements.items())
                if place.region == here.code
            ],
            "without_departement": summary.departements.get(NOT_GIVEN, 0),
            "neighbours": [known.regions[code] for code in neighbours],
            "contacts": contacts_in(here.code),
        },
    )
