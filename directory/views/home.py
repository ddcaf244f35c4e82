"""The front page."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from calls.models import Application, Call, CallKind, Decision
from catalogue.models import PoleIndex
from catalogue.public import public_page
from directory.content import figures
from directory.map_context import drawn_regions
from poles.models import Pole, RecordState

LATEST = 6


@dataclass(frozen=True)
class Change:
    pole: Pole
    on: object
    added: bool


@public_page
def home(request: HttpRequest) -> HttpResponse:
    counts = dict(PoleIndex.objects.order_by().values_list("region").annotate(n=Count("pole_id")))
    announced = Call.objects.filter(kind=CallKind.STATE).aggregate(
        laureates=Sum("announced_laureates"), supported=Sum("announced_supported")
    )
    identified = Application.objects.filter(
        call__kind=CallKind.STATE, pole__record_state=RecordState.PUBLISHED
    ).aggregate(
        laureates=Count("id", filter=Q(decision=Decision.LAUREATE)),
        supported=Count("id", filter=Q(decision=Decision.SUPPORTED)),
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
    """The published poles that changed last, from the history; two statements."""
    events = (
        apps.get_model("poles", "PoleEvent")
        .objects.order_by()
        .values("pgh_obj_id")
        .annotate(last=Max("pgh_id"), times=Count("pgh_id"), on=Max("pgh_created_at"))
        .order_by("-last")[: LATEST * 3]
    )
    seen = {event["pgh_obj_id"]: event for event in events}
    poles = Pole.objects.published().filter(pk__in=seen).select_related("seat").order_by("id")
    changed = sorted(poles, key=lambda pole: -seen[pole.pk]["last"])[:LATEST]
    return [
        Change(pole, seen[pole.pk]["on"], seen[pole.pk]["on"].date() == pole.created_at.date())
        for pole in changed
    ]
