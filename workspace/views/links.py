"""Sending a pole the link by which it speaks for itself."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from networks.permissions import can_comment
from poles.voice import send_link
from workspace.access import require, staff_page
from workspace.queries.poles import kept_poles


@staff_page
@require_POST
def send_pole_link(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_comment(user, pole))
    try:
        send_link(pole, by=user)
        messages.success(
            request,
            "Le lien est parti à l’adresse de contact du pôle\u00a0: il confirme sa fiche, ou vous "
            "propose des corrections.",
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("workspace:pole", pk)
