"""What the public reports: those of one's régions, and one of them, which is answered once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from networks.models import Network
from networks.permissions import can_see as can_see_pole
from poles.finding import Likely, likely_poles
from poles.models import Pole, Report, ReportState
from poles.reports import (
    accept,
    can_answer,
    can_see,
    duplicate,
    networks_to_keep_it,
    refuse,
    seen_by,
)
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb

_A_PAGE = 20


@staff_page
def reports(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    done = "traites" in request.GET
    seen = seen_by(user)
    waiting = seen.filter(state=ReportState.WAITING)
    found = (
        seen.exclude(state=ReportState.WAITING).order_by("-decided_at", "-pk")
        if done
        else waiting.order_by("created_at", "pk")
    )
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/reports/list.html",
        {
            "title": "Signalements",
            "breadcrumb_data": breadcrumb("Signalements"),
            "done": done,
            "page_obj": page,
        },
    )


@staff_page
def report(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = Report.objects.select_related("commune__departement", "pole", "decided_by")
    found = get_object_or_404(rows, pk=pk)
    require(can_see(user, found))
    answers = can_answer(user, found)
    errors: list[str] = []
    if request.method == "POST":
        require(answers)
        try:
            return _answered(request, found)
        except ValidationError as error:
            errors = error.messages
        found.refresh_from_db()
    waiting = found.state == ReportState.WAITING
    return render(
        request,
        "workspace/reports/report.html",
        {
            "title": f"Signalement – {found.name}",
            "breadcrumb_data": breadcrumb(
                found.name, (reverse("workspace:reports"), "Signalements")
            ),
            "report": found,
            "waiting": waiting,
            "answers": answers,
            "likely": _likely(user, found) if waiting and answers else [],
            "networks": networks_to_keep_it(user, found) if waiting and answers else [],
            "errors": errors,
            "typed": request.POST.get("raison", ""),
            "known": request.POST.get("deja", ""),
        },
    )


def _likely(user: Any, found: Report) -> list[Likely]:
    """Drafts of others are no one's to see, however alike."""
    likely = likely_poles(found.name, found.commune)
    return [each for each in likely if can_see_pole(user, each.pole)]


def _answered(request: HttpRequest, found: Report) -> HttpResponse:
    """Does what the pressed button says; raises ValidationError for what is missing."""
    user: Any = request.user
    reason = request.POST.get("raison", "").replace("\x00", "")[:5000]
    match request.POST.get("reponse"):
        case "retenir":
            pole = accept(found, by=user, network=_network(request, found))
            messages.success(request, "La fiche est commencée avec ce qui a été dit. Complétez-la.")
            return redirect("workspace:pole", pole.pk)
        case "doublon":
            duplicate(found, _known(request), by=user, reason=reason)
        case "ecarter":
            refuse(found, by=user, reason=reason)
        case _:
            raise ValidationError("Choisissez l’une des trois réponses.")
    messages.success(request, "C’est noté. La personne est prévenue, si elle a laissé une adresse.")
    return redirect("workspace:reports")


def _network(request: HttpRequest, found: Report) -> Network | None:
    user: Any = request.user
    possible = networks_to_keep_it(user, found)
    if len(possible) == 1:
        return possible[0]
    chosen = request.POST.get("reseau", "")
    return next((each for each in possible if str(each.pk) == chosen), None)


def _known(request: HttpRequest) -> Pole:
    """The pole that was ticked, or whose page's address or whole name was typed."""
    typed = request.POST.get("autre", "").replace("\x00", "").strip()
    ticked = request.POST.get("deja", "")
    poles = Pole.objects.order_by("pk")
    if typed:
        slug = typed.rstrip("/").rpartition("/")[2]
        found = poles.filter(slug=slug).first() or poles.filter(name__iexact=typed).first()
    else:
        number = int(ticked) if ticked.isdecimal() and len(ticked) < 19 else 0
        found = poles.filter(pk=number).first()
    user: Any = request.user
    if found is None or not can_see_pole(user, found):
        raise ValidationError(
            "Dites de quel pôle il s’agit\u00a0: cochez-le, ou écrivez son nom entier."
        )
    return found
