"""Requests for an access: what waits for the ministry, and one of them, which is answered once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from networks.access import accept_request, refuse_request, waiting
from networks.models import AccessRequest, AccessState, Network, StaffRole
from networks.permissions import can_answer_access_requests
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb

_A_PAGE = 20


@staff_page
def access_requests(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(can_answer_access_requests(user))
    done = "traitees" in request.GET
    found = (
        AccessRequest.objects.exclude(state=AccessState.WAITING).order_by("-answered_at", "-pk")
        if done
        else waiting()
    )
    page = Paginator(found.select_related("network"), _A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workspace/access/list.html",
        {
            "title": "Demandes d’accès",
            "breadcrumb_data": breadcrumb("Demandes d’accès"),
            "done": done,
            "page_obj": page,
        },
    )


@staff_page
def access_request(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(can_answer_access_requests(user))
    rows = AccessRequest.objects.select_related("network", "answered_by")
    found = get_object_or_404(rows, pk=pk)
    errors: list[str] = []
    if request.method == "POST":
        try:
            messages.success(request, _answered(request, found))
        except ValidationError as error:
            errors = error.messages
            found.refresh_from_db()
        else:
            return redirect("workspace:access-requests")
    asked = request.POST
    return render(
        request,
        "workspace/access/request.html",
        {
            "title": f"Demande d’accès – {found.full_name}",
            "breadcrumb_data": breadcrumb(
                found.full_name, (reverse("workspace:access-requests"), "Demandes d’accès")
            ),
            "found": found,
            "waiting": found.state == AccessState.WAITING,
            "networks": list(Network.objects.order_by("name")),
            "network": asked.get("reseau", found.network.slug if found.network else ""),
            "roles": StaffRole.choices,
            "role": asked.get("role", StaffRole.EDITOR),
            "typed": asked.get("raison", ""),
            "errors": errors,
        },
    )


def _answered(request: HttpRequest, found: AccessRequest) -> str:
    """Does what the pressed button says; what to say of it. Raises ValidationError."""
    user: Any = request.user
    asked = request.POST
    match asked.get("reponse"):
        case "inviter":
            slug = asked.get("reseau", "").replace("\x00", "")
            network = Network.objects.filter(slug=slug).first()
            accept_request(found, network=network, staff_role=asked.get("role", ""), by=user)
            return f"Une invitation est envoyée à {found.email}."
        case "refuser":
            reason = asked.get("raison", "").replace("\x00", "").replace("\r\n", "\n")
            refuse_request(found, reason=reason, by=user)
            return "La demande est refusée\u00a0; la personne lira le motif."
        case _:
            raise ValidationError("Choisissez l’une des deux réponses.")
