"""The page of an organisation that is in a pole."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from catalogue.public import public_page
from directory.queries.members import shown_organisation, today_address
from members.kinds import FACT_LABELS
from members.models import FactEvidence, Organisation

_ANSWERS = {True: "oui", False: "non", None: "inconnu"}


@dataclass(frozen=True)
class Fact:
    label: str
    answer: str
    evidence: list[FactEvidence]


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
            "kind_evidence": [each for each in evidence if each.aspect == "kind"],
            "facts": [_fact(found, name, label, evidence) for name, label in FACT_LABELS.items()],
            "today": timezone.localdate(),
        },
    )


def _fact(organisation: Organisation, name: str, label: str, evidence: list[FactEvidence]) -> Fact:
    return Fact(
        label,
        _ANSWERS[getattr(organisation, name)],
        [each for each in evidence if each.aspect == name],
    )
