"""The page of a pole."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from catalogue.models import PoleIndex, Precision
from catalogue.public import public_page
from catalogue.reference import Place, reference
from directory.as_of import AsOf, applications_on, as_of, parts_on, pole_on, recognition_on
from directory.linked_data import as_script, organisation_data
from directory.place_map import situation
from directory.queries.calls import applications_of
from directory.queries.members import Members, members_of
from directory.queries.neighbours import AROUND_KM, neighbours_of
from directory.queries.pole import (
    FIGURES,
    Parts,
    merged_into,
    pole_with_parts,
    public_name,
    today_address,
)
from directory.views.gone import gone
from members.models import Organisation
from poles.models import Maturity, MembershipRole, Pole, Pooled, ProjectState, RecordState
from poles.panel import pole_panel
from poles.public_history import history_of
from territories.models import Territory

_CLOSE_ZOOM, _FAR_ZOOM = 12, 9
_PRECISION = {
    Precision.EXACT: "Position connue à l’adresse",
    Precision.COMMUNE: "Position connue à la commune près",
    Precision.EPCI: "Seule son intercommunalité est connue",
    Precision.DEPARTEMENT: "Seul son département est connu",
    Precision.REGION: "Seule sa région est connue",
}


@public_page
def pole(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = pole_with_parts(slug)
    if sheet is None:
        moved = today_address(slug)
        if moved is None or moved.record_state != RecordState.PUBLISHED:
            return _not_shown(request, moved)
        return HttpResponsePermanentRedirect(reverse("directory:pole", args=[moved.slug]))
    found, parts = sheet
    if found.record_state != RecordState.PUBLISHED:
        standing = merged_into(found)
        if standing is None:
            return _not_shown(request, found)
        return HttpResponsePermanentRedirect(reverse("directory:pole", args=[standing.slug]))
    return render(request, "directory/pole.html", _context(found, parts, as_of(request.GET)))


def _not_shown(request: HttpRequest, pole: Pole | None) -> HttpResponse:
    if pole is not None and pole.record_state == RecordState.ARCHIVED:
        return gone(request, public_name(pole), pole.archive_reason)
    raise Http404


def _context(pole: Pole, parts: Parts, asked: AsOf) -> dict[str, object]:
    parts = parts_on(parts, asked)
    members = members_of(pole, asked.day, asked.today)
    address = settings.SITE_URL + reverse("directory:pole", args=[pole.slug])
    figures = [each for each in parts.figures if any(each[name] is not None for name in FIGURES)]
    taking_part = [*members.lead, *(one for _, each in members.active for one in each)]
    return {
        "title": pole.name,
        "description": _description(pole),
        "breadcrumb_data": {
            "links": [{"url": reverse("directory:pole-list"), "title": "Liste des pôles"}],
            "current": pole.name,
        },
        "pole": pole,
        "parts": parts,
        "as_of": asked,
        "then": pole_on(pole, asked),
        "recognition": recognition_on(pole, asked),
        "panel": pole_panel(pole, members.rows, asked.day),
        "identity": _has_identity(pole, parts),
        # Search engines are told of the pole as it is.
        "linked_data": (
            as_script(organisation_data(pole, parts, taking_part)) if asked.is_today else ""
        ),
        "place": _whereabouts(pole.index),
        "coverage": [Territory(**each) for each in parts.coverage],
        "members": members,
        "lead_words": _lead_words(pole, members),
        "applications": applications_on(applications_of(pole), asked),
        "dated_sources": any(each["seen_on"] for each in parts.sources),
        "projects": _projects(parts),
        "figures": figures,
        "neighbours": neighbours_of(pole.index),
        "around_km": AROUND_KM,
        "history": history_of(pole),
        "unknown": _unknown(pole, parts, members, figures),
        "address": address,
        "share": f"mailto:?subject={quote(pole.name)}&body={quote(address)}",
    }


def _lead_words(pole: Pole, members: Members) -> str:
    """The lead as a source words it, unless it is among those of whom the day is not known."""
    unsure = any(each.role == MembershipRole.LEAD for each in members.unsure)
    return "" if unsure else pole.lead_words


def _has_identity(pole: Pole, parts: Parts) -> bool:
    """Whether anything follows the heading « Le pôle »."""
    return any(
        (
            pole.description,
            parts.themes,
            pole.theme_words,
            pole.maturity != Maturity.UNKNOWN,
            pole.maturity_words,
            pole.founding_year,
            pole.closed_on,
            pole.legal_form,
            pole.legal_person,
            pole.reference_network,
            parts.networks,
        )
    )


def _description(pole: Pole) -> str:
    if pole.summary:
        return pole.summary
    where = f", {pole.index.place}" if pole.index.place else ""
    return (
        f"{pole.name}{where}\u00a0: ce que le registre national des PTCE sait de ce pôle, de ses "
        "membres et de ses projets, avec ses sources."
    )


@dataclass(frozen=True)
class Whereabouts:
    """Where the pole is, and how well it is known."""

    region: Place | None
    departement: Place | None
    precision: str
    approximate: bool
    map_url: str
    drawing: dict[str, object] | None


def _whereabouts(index: PoleIndex) -> Whereabouts:
    approximate = index.precision is None or index.precision > Precision.COMMUNE
    map_url = ""
    if index.latitude is not None and index.longitude is not None:
        zoom = _FAR_ZOOM if approximate else _CLOSE_ZOOM
        view = f"{zoom}/{index.latitude:.4f}/{index.longitude:.4f}"
        map_url = f"{reverse('directory:map')}?vue={view}"
    return Whereabouts(
        reference().regions.get(index.region),
        reference().departements.get(index.departement),
        "" if index.precision is None else _PRECISION[Precision(index.precision)],
        approximate,
        map_url,
        situation(
            index.region, index.departement, index.latitude, index.longitude, index.precision
        ),
    )


def _projects(parts: Parts) -> list[dict[str, Any]]:
    return [
        each
        | {
            "pooled": [Pooled(value).label for value in each["pooled"]],
            "state": ProjectState(each["state"]).label if each["state"] else "",
            "members": [Organisation(**member) for member in each["members"]],
        }
        for each in parts.projects
    ]


def _unknown(
    pole: Pole, parts: Parts, members: Members, figures: list[dict[str, Any]]
) -> list[str]:
    """What nobody has told the registry, in plain words, instead of empty headings."""
    precision = pole.index.precision
    known = {
        "dans quelle région il se trouve": precision is not None,
        "dans quelle commune il a son siège": precision is None or precision <= Precision.COMMUNE,
        "sur quels thèmes il travaille": parts.themes or pole.theme_words,
        "s’il est en projet, émergent ou existant": pole.maturity != Maturity.UNKNOWN,
        "en quelle année il a été créé": pole.founding_year,
        "quelle structure le porte": members.lead or pole.lead_words,
        "qui sont ses membres": members.active or members.lead,
        "quels projets il mène et ce que ses membres mettent en commun": parts.projects,
        "combien d’emplois il réunit": figures or pole.jobs_words,
        "s’il a un site internet": pole.website,
        "quels réseaux l’accompagnent": pole.reference_network or parts.networks,
    }
    return [words for words, is_known in known.items() if not is_known]
