"""Two confirmations, two acts: the record is right, and the list of its members is complete."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from networks.permissions import can_propose, can_see, can_write
from poles.article9 import MINIMUM, assess
from poles.composition import assess_pole, composition_of
from poles.models import Pole
from poles.record import Change
from poles.sentences import headline
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.queries.poles import kept_poles
from workspace.saving import Outcome, save


@staff_page
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: someone read the record today, and it is right."""
    pole = _confirmable(request, pk)
    outcome = _confirm(request, pole, "confirmed_on")
    for message in _errors(outcome):
        messages.error(request, message)
    if outcome.done:
        messages.success(
            request,
            "Merci\u00a0: votre confirmation est proposée à qui tient la fiche."
            if outcome.proposed
            else "Merci\u00a0: la fiche est confirmée juste à la date d’aujourd’hui.",
        )
    return redirect("workspace:pole", pk)


@staff_page
def confirm_members(request: HttpRequest, pk: int) -> HttpResponse:
    """The list is complete: an absent member is then absent, which may settle the verdict."""
    pole = _confirmable(request, pk)
    outcome = Outcome()
    if request.method == "POST":
        outcome = _confirm(request, pole, "members_confirmed_on")
        if outcome.done:
            messages.success(
                request,
                "Votre confirmation de la liste des membres est proposée à qui tient la fiche."
                if outcome.proposed
                else "La liste des membres est confirmée complète à la date d’aujourd’hui.",
            )
            return redirect("workspace:pole", pk)
    memberships = list(pole.memberships.select_related("organisation").order_by("organisation"))
    today = timezone.localdate()
    now = assess_pole(pole, memberships=memberships)
    after = assess(
        replace(composition_of(pole, memberships), confirmed_on=today), MINIMUM, today, today
    )
    return render(
        request,
        "workspace/record/confirm_members.html",
        {
            "title": f"Liste des membres – {pole.name}",
            "breadcrumb_data": breadcrumb(
                "La liste des membres est complète",
                (reverse("workspace:pole", args=[pole.pk]), pole.name),
            ),
            "pole": pole,
            "members": [
                each for each in memberships if each.ends_on is None or each.ends_on >= today
            ],
            "now": headline(now),
            "after": "" if after.verdict == now.verdict else headline(after),
            "broken": outcome.broken,
            "errors": _errors(outcome),
            "writes": can_write(request.user, pole),  # type: ignore[arg-type]
            "form_id": "confirmation_form",
        },
    )


def _confirmable(request: HttpRequest, pk: int) -> Pole:
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    if not can_write(user, pole):
        require(can_propose(user, pole))
    return pole


def _confirm(request: HttpRequest, pole: Pole, name: str) -> Outcome:
    before = getattr(pole, name)
    today = timezone.localdate().isoformat()
    return save(request, pole, [Change(name, before and before.isoformat(), today)])


def _errors(outcome: Outcome) -> list[str]:
    told = [message for said in outcome.errors.values() for message in said]
    if outcome.conflicts:
        told.append("Quelqu’un d’autre vient de confirmer la même chose\u00a0: rechargez la page.")
    return told
