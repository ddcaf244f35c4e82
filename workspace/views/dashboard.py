"""The poles of a person's networks, and what each needs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from networks.models import Network
from networks.permissions import positions_of
from poles.models import Pole
from workspace.access import staff_page


@staff_page
def dashboard(request: HttpRequest) -> HttpResponse:
    networks = [position.network for position in positions_of(request.user)]  # type: ignore[arg-type]
    poles = Pole.objects.filter(reference_network__in=networks).select_related("seat")
    return render(
        request,
        "workspace/dashboard.html",
        {
            "title": "Espace des réseaux",
            "networks": Network.objects.filter(pk__in=networks).order_by("name"),
            "poles": poles,
        },
    )
