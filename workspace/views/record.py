"""The record's page: its state, what is filled, what is missing, and the way to each section."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from networks.permissions import can_propose, can_see, can_write
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.overview import cards
from workspace.queries.poles import kept_poles, with_overview

_MERGED = "La fiche que vous demandiez est réunie à celle-ci, dont elle était le double."


@staff_page
def record(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    pole = get_object_or_404(with_overview(kept_poles()), pk=pk)
    if pole.merged_into_id is not None:
        messages.info(request, _MERGED)
        return redirect("workspace:pole", pole.merged_into_id)
    require(can_see(user, pole))
    writes = can_write(user, pole)
    sections = cards(pole)
    return render(
        request,
        "workspace/pole/record.html",
        {
            "title": pole.name,
            "breadcrumb_data": breadcrumb(pole.name),
            "pole": pole,
            "cards": sections,
            "incomplete": sum(bool(card.missing) for card in sections),
            "writes": writes,
            "proposes": can_propose(user, pole),
        },
    )
