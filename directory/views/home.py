"""The front page."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from calls.models import Call, CallKind, Decision
from catalogue.models import PoleIndex
from catalogue.public import public_page
from directory.content import figures
from directory.map_context import drawn_regions
from directory.queries.calls import shown_applications
from poles.models import Pole

LATEST = 6
# Enough of the end of the history to hold that many poles, however often each was saved.
RECENT_EVENTS = 100


@dataclass(frozen=True)
class Change:
    pole: Pole
    on: datetime
    added: bool


@public_page
def home(request: HttpRequest) -> HttpResponse:
    counts = dict(PoleIndex.objects.order_by().values_list("region").annotate(n=Count("pole_id")))
    announced = (
        Call.objects.told()
        .filter(kind=CallKind.STATE)
        .aggregate(laureates=Sum("announced_laureates"), supported=Sum("announced_supported"))
    )
    identified = (
        shown_applications()
        .filter(call__kind=CallKind.STATE)
        .aggregate(
            laureates=Count("id", filter=Q(decision=Decision.LAUREATE)),
            supported=Count("id", filter=Q(decision=Decision.SUPPORTED)),
        )
    )
    return render(
        request,
        "directory/home.html",
        {
            "poles": sum(counts.values()),
            "regions": len([code for code, n in counts.items() if code and n]),
            "announced_poles": figures.POLES,
            "announced": announced,
            "identified": identified,
            "today": timezone.localdate(),
            "drawn": drawn_regions(counts),
            "latest": latest_changes(),
        },
    )


def latest_changes() -> list[Change]:
    """The published poles that changed last, from the end of the history; two statements."""
    last: dict[int, datetime] = {}
    events = (
        apps.get_model("poles", "PoleEvent")
        .objects.order_by("-pgh_id")
        .values_list("pgh_obj_id", "pgh_created_at")[:RECENT_EVENTS]
    )
    for pole, on in events:
        last.setdefault(pole, on)
    order = {pole: rank for rank, pole in enumerate(last)}
    poles = Pole.objects.published().filter(pk__in=last).select_related("seat").order_by("id")
    changed = sorted(poles, key=lambda pole: order[pole.pk])[:LATEST]
    return [
        Change(pole, last[pole.pk], last[pole.pk].date() == pole.created_at.date())
        for pole in changed
    ]
