"""The record's page: its state, what is filled, what is missing, and the way to each section."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from networks.permissions import can_propose, can_see, can_write
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.overview import cards
from workspace.queries.poles import kept_poles, with_overview


@staff_page
def record(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    pole = get_object_or_404(with_overview(kept_poles()), pk=pk)
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
