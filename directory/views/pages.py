"""The written pages: what a PTCE is, article 9, and what every public site owes its readers."""

from datetime import date

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from calls.models import Call, Decision
from catalogue.personal.table import TABLE
from catalogue.public import public_page
from directory.content import guide, law, timeline
from directory.content.navigation import ENTRIES
from directory.content.rules import rules_table
from directory.queries.calls import shown_applications
from directory.try_out import try_out
from poles.article9 import MINIMUM
from poles.models import Theme
from territories.models import Territory, TerritoryKind

# The call whose totals are best known, hence the example by which "Comprendre" shows a pair.
EXAMPLE_CALL = "ami-2021"
STATEMENT_ON = date(2026, 11, 22)
UNDERSTAND_SUMMARY = (
    ("pole", "Ce qu’est un pôle"),
    ("membres", "Qui peut en faire partie"),
    ("themes", "Sur quoi travaillent les pôles"),
    ("creer", "Créer un pôle, étape par étape"),
    ("compter", "Pourquoi les nombres ne s’accordent pas"),
    ("dates", "De 2009 à aujourd’hui"),
)
ARTICLE9_SUMMARY = (
    ("loi", "Ce que dit la loi"),
    ("decret", "Ce que demande le décret"),
    ("regle", "La règle du registre"),
    ("roles", "Qui peut tenir quel rôle"),
    ("verdicts", "Trois réponses possibles"),
    ("essai", "Essayer une composition"),
    ("reconnaissance", "La reconnaissance dans le registre"),
    ("sources", "Sources"),
)


@public_page
def understand(request: HttpRequest) -> HttpResponse:
    calls = {call.code: call for call in Call.objects.told()}
    return render(
        request,
        "directory/pages/understand.html",
        {
            "title": "Comprendre les PTCE",
            "description": (
                "Ce qu’est un pôle territorial de coopération économique, qui en fait partie, "
                "comment en créer un, et les dates de 2009 à aujourd’hui."
            ),
            "breadcrumb_data": {"links": [], "current": "Comprendre"},
            "summary": UNDERSTAND_SUMMARY,
            "people": guide.PEOPLE,
            "steps": [
                {
                    "title": step.title,
                    "text": step.text,
                    "url": reverse(f"directory:{step.link}") if step.link else "",
                    "label": step.link_label,
                }
                for step in guide.STEPS
            ],
            "themes": Theme.objects.all(),
            "distinctions": law.DISTINCTIONS,
            "example": _example_of_pairs(calls.get(EXAMPLE_CALL)),
            "milestones": [(item, calls.get(item.call)) for item in timeline.MILESTONES],
        },
    )


def _example_of_pairs(call: Call | None) -> dict[str, object] | None:
    """What one call announced, beside the poles that the registry identified for it."""
    if call is None:
        return None
    identified = dict(
        shown_applications()
        .filter(call=call)
        .order_by()
        .values_list("decision")
        .annotate(poles=Count("pole", distinct=True))
    )
    return {
        "call": call,
        "pairs": [
            {
                "what": "Projets accompagnés",
                "announced": call.announced_supported,
                "origin": call.organiser,
                "identified": identified.get(Decision.SUPPORTED, 0),
            },
            {
                "what": "Lauréats",
                "announced": call.announced_laureates,
                "origin": call.organiser,
                "identified": identified.get(Decision.LAUREATE, 0),
            },
        ],
    }


@public_page
def article9(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "directory/pages/article9.html",
        {
            "title": "L’article 9",
            "description": (
                "Ce que la loi et le décret disent des PTCE, la règle de composition du registre, "
                "et la façon dont il la vérifie."
            ),
            "breadcrumb_data": {"links": [], "current": "L’article 9"},
            "summary": ARTICLE9_SUMMARY,
            "sources": law.SOURCES,
            "conditions": law.CONDITIONS,
            "roles": law.ROLES,
            "verdicts": law.VERDICTS,
            "states": law.RECOGNITION_STATES,
            "distinctions": law.DISTINCTIONS,
            "rule": MINIMUM,
            "rules": rules_table(),
            "attempt": try_out(request.GET),
        },
    )


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "directory/pages/accessibility.html",
        {
            "title": "Accessibilité\u00a0: non conforme",
            "description": "La déclaration d’accessibilité du registre national des PTCE.",
            "breadcrumb_data": {"links": [], "current": "Accessibilité"},
            "statement_on": STATEMENT_ON,
            "publisher": settings.PUBLISHER,
        },
    )


@public_page
def legal(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "directory/pages/legal.html",
        {
            "title": "Mentions légales",
            "description": "Éditeur, hébergeur, sources et licences du registre national des PTCE.",
            "breadcrumb_data": {"links": [], "current": "Mentions légales"},
            "publisher": settings.PUBLISHER,
            "tiles_attribution": settings.TILES_ATTRIBUTION,
        },
    )


@public_page
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "directory/pages/personal_data.html",
        {
            "title": "Données personnelles",
            "description": (
                "Les données personnelles que le registre national des PTCE traite, pourquoi, et "
                "les droits des personnes."
            ),
            "breadcrumb_data": {"links": [], "current": "Données personnelles"},
            "publisher": settings.PUBLISHER,
            "kept": TABLE,
            "tiles_host": settings.TILES_URL.split("/")[2] if settings.TILES_URL else "",
        },
    )


@public_page
def site_map(request: HttpRequest) -> HttpResponse:
    territories = Territory.objects.current().filter(
        kind__in=[TerritoryKind.REGION, TerritoryKind.DEPARTEMENT]
    )
    departements: dict[int, list[Territory]] = {}
    regions = []
    for territory in territories.order_by("normalised_name"):
        if territory.kind == TerritoryKind.REGION:
            regions.append(territory)
        elif territory.region_id is not None:
            departements.setdefault(territory.region_id, []).append(territory)
    return render(
        request,
        "directory/pages/site_map.html",
        {
            "title": "Plan du site",
            "description": "Toutes les rubriques du registre national des PTCE.",
            "breadcrumb_data": {"links": [], "current": "Plan du site"},
            "sections": [
                {"url": reverse(f"directory:{entry.name}"), "label": entry.label}
                for entry in ENTRIES
            ]
            + [{"url": reverse("directory:commune-search"), "label": "Dans ma commune"}],
            "regions": [
                (region, sorted(departements.get(region.pk, []), key=lambda each: each.code))
                for region in regions
            ],
            "calls": Call.objects.told(),
        },
    )
