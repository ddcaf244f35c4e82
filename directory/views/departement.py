"""A département."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from catalogue.public import public_page
from catalogue.reference import reference
from directory.content.neighbours import neighbouring_departements
from directory.place_map import counted
from directory.queries.territory import contacts_in, summary_of
from directory.territory_page import territory_context


@public_page
def departement(request: HttpRequest, code: str) -> HttpResponse:
    known = reference()
    here = known.departements.get(code)
    if here is None:
        if code.upper() in known.departements:
            return HttpResponsePermanentRedirect(
                reverse("directory:departement", args=[code.upper()])
            )
        raise Http404
    region = known.regions[here.region]
    summary = summary_of("departement", here.code)
    return render(
        request,
        "directory/departement.html",
        territory_context("departement", here, summary)
        | {
            "title": f"{here.name} ({here.code})",
            "description": (
                f"{here.name} ({here.code})\u00a0: les pôles territoriaux de coopération "
                "économique du département, leurs thèmes, et à qui s’adresser."
            ),
            "breadcrumb_data": {
                "links": [
                    {"url": reverse("directory:region-list"), "title": "Régions"},
                    {
                        "url": reverse("directory:region", args=[region.slug]),
                        "title": region.name,
                    },
                ],
                "current": f"{here.name} ({here.code})",
            },
            "region": region,
            "drawing": counted(region.code, summary.departements, here=here.code),
            "neighbours": [
                known.departements[each]
                for each in neighbouring_departements(here.code)
                if each in known.departements
            ],
            "contacts": contacts_in(region.code),
        },
    )
