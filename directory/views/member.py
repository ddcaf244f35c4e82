"""The page of an organisation that is in a pole."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from catalogue.public import public_page
from directory.queries.members import shown_organisation, today_address
from members.kinds import FACT_LABELS, OrganisationKind
from members.models import EvidenceOrigin, FactEvidence, Organisation
from poles.composition import organisation_facts

_ANSWERS = {True: "oui", False: "non", None: "inconnu"}
_KINDS = {kind.value: str(kind.label) for kind in OrganisationKind}


_ADDRESS = re.compile(r"https?://[^\s<>\"«»]+")
_MOST_PAGES = 3


@dataclass(frozen=True)
class Told:
    """Where a kind or a fact comes from, and when; who stated it is nobody's name here.

    ``otherwise``: what this evidence says, where it is not what the registry holds. ``pages``: the
    first addresses that the source gives, and ``others`` how many more.
    """

    origin: str
    on: date | None
    otherwise: str
    pages: list[str]
    others: int


@dataclass(frozen=True)
class Fact:
    """``deduced``: nobody stated it, the kind or another fact leaves no doubt about it."""

    label: str
    answer: str
    deduced: bool
    told: list[Told]


@public_page
def member(request: HttpRequest, slug: str) -> HttpResponse:
    found = shown_organisation(slug)
    if found is None:
        moved = today_address(slug)
        if moved is None:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("directory:member", args=[moved]))
    evidence = list(found.evidence.all())
    memberships = list(found.memberships.all())
    poles = len({each.pole_id for each in memberships})
    return render(
        request,
        "directory/member.html",
        {
            "title": found.name,
            "description": (
                f"{found.name}, {found.get_kind_display()}\u00a0: les pôles territoriaux de "
                "coopération économique dont cette organisation est membre ou partenaire."
            ),
            "breadcrumb_data": {
                "links": [{"url": reverse("directory:pole-list"), "title": "Liste des pôles"}],
                "current": found.name,
            },
            "organisation": found,
            "memberships": memberships,
            "poles": poles,
            "own": list(found.poles_of_its_own.all()),
            "kind_told": _told(evidence, "kind", found.kind),
            "facts": [_fact(found, name, label, evidence) for name, label in FACT_LABELS.items()],
            "today": timezone.localdate(),
        },
    )


def _fact(organisation: Organisation, name: str, label: str, evidence: list[FactEvidence]) -> Fact:
    value = organisation_facts(organisation)[name]
    told = _told(evidence, name, _ANSWERS[value])
    return Fact(label, _ANSWERS[value], value is not None and not told, told)


def _told(evidence: list[FactEvidence], aspect: str, value: str) -> list[Told]:
    return [_source(each, value) for each in evidence if each.aspect == aspect]


def _source(evidence: FactEvidence, value: str) -> Told:
    # What is written of a source may name a person: only its addresses are public.
    pages = list(dict.fromkeys(_ADDRESS.findall(evidence.source)))
    origin = evidence.get_origin_display()
    if evidence.origin == EvidenceOrigin.DECLARED and evidence.stated_by is not None:
        origin = f"{origin} ({evidence.stated_by.get_role_display()})"
    said = _KINDS.get(evidence.value, evidence.value)
    return Told(
        origin,
        evidence.stated_on,
        "" if evidence.value == value else said,
        pages[:_MOST_PAGES],
        max(len(pages) - _MOST_PAGES, 0),
    )
