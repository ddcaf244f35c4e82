"""Proposals: those that one answers, those that one made, and one of them field by field."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from poles.answering import can_answer, can_read, made_by, to_answer
from poles.models import Proposal, ProposalState
from poles.proposals import answer, fingerprint, to_decide, withdraw
from poles.recognition import BreaksRecognition, Broken
from poles.record import Conflicted
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.proposal_lines import ACCEPT, REFUSE, Line, lines_of
from workspace.saving import CONSENT, messages_of

_A_PAGE = 20
_CROSSED = (
    "La fiche a changé depuis cette proposition\u00a0: relisez ce qu’elle dit maintenant, et "
    "répondez de nouveau."
)


@staff_page
def proposals(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    mine = "miennes" in request.GET
    found = made_by(user) if mine else to_answer(user)
    order = ("-created_at", "-pk") if mine else ("created_at", "pk")
    page = Paginator(_shown(found).order_by(*order), _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/proposals/list.html",
        {
            "title": "Propositions",
            "breadcrumb_data": breadcrumb("Propositions"),
            "mine": mine,
            "waiting": page.paginator.count if not mine else to_answer(user).count(),
            "made": page.paginator.count if mine else made_by(user).count(),
            "page_obj": page,
        },
    )


@staff_page
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(_shown(Proposal.objects.all()), pk=pk)
    require(can_read(user, found))
    answers = can_answer(user, found)
    errors: list[str] = []
    broken: list[Broken] = []
    chosen: dict[str, str] = {}
    if request.method == "POST":
        require(answers)
        chosen = _chosen(request, found)
        try:
            decided = answer(
                found,
                {key: value == ACCEPT for key, value in chosen.items()},
                request.POST.get("why", ""),
                by=user,
                regularising=CONSENT in request.POST,
                over=_seen(request),
                seen=request.POST.get("lu", ""),
            )
        except Conflicted:
            errors = [_CROSSED]
        except BreaksRecognition as error:
            broken = error.broken
        except ValidationError as error:
            errors = [message for told in messages_of(error).values() for message in told]
        else:
            messages.success(
                request,
                f"Proposition {decided.get_state_display()}. Son auteur est prévenu, s’il a laissé "
                "une adresse.",
            )
            return redirect("workspace:proposals")
        found.refresh_from_db()
    lines = lines_of(found, chosen)
    return render(
        request,
        "workspace/proposals/proposal.html",
        {
            "title": f"Proposition – {found.subject.name}",
            "breadcrumb_data": breadcrumb(
                found.subject.name, (reverse("workspace:proposals"), "Propositions")
            ),
            "proposal": found,
            "waiting": found.state == ProposalState.WAITING,
            "lines": lines,
            "answers": answers,
            "mine": found.author_id == user.pk,
            "seen": _with_seen(lines),
            "lu": fingerprint(found),
            "why": request.POST.get("why", ""),
            "errors": errors,
            "broken": broken,
            "form_id": "reponse_form",
            "accept": ACCEPT,
            "refuse": REFUSE,
        },
    )


@staff_page
@require_POST
def withdraw_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    found = get_object_or_404(Proposal, pk=pk, author=user)
    try:
        withdraw(found, by=user)
        messages.success(request, "Votre proposition est retirée.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("workspace:proposal", pk)


def _shown(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return found.select_related(
        "pole__seat", "pole__reference_network", "organisation", "author", "decided_by"
    )


def _chosen(request: HttpRequest, found: Proposal) -> dict[str, str]:
    """What the person chose, by key; one button accepts all."""
    if "tout" in request.POST:
        return dict.fromkeys(to_decide(found), ACCEPT)
    typed = {key: request.POST.get(f"reponse-{key}", "") for key in to_decide(found)}
    return {key: value for key, value in typed.items() if value in {ACCEPT, REFUSE}}


def _with_seen(lines: list[Line]) -> list[tuple[str, str]]:
    """The fields that send back what the record said when the person read it."""
    return [(f"vu-{line.key}", json.dumps(line.saved)) for line in lines if line.now is not None]


def _seen(request: HttpRequest) -> dict[str, Any]:
    """What the record said where the person accepts over it; held against the record again."""
    seen = {}
    for name, text in request.POST.items():
        if name.startswith("vu-"):
            try:
                seen[name.removeprefix("vu-")] = json.loads(str(text))
            except ValueError:
                continue
    return seen
