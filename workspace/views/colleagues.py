"""The people of a network: who is in it, who is invited, and what a manager may do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.admin.refusals import refusal
from networks.models import Invitation, Network, NetworkStaff, StaffRole, User
from networks.permissions import can_manage_colleagues, can_reset_factor, positions_of
from networks.staff import change_role, invite, remove, reset_factor, send_again, withdraw
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb

_LONGEST_REASON = 500


class InviteForm(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique", help_text="Format attendu\u00a0: nom@domaine.fr"
    )
    staff_role = forms.ChoiceField(
        label="Rôle",
        choices=[
            (StaffRole.EDITOR, "Rédaction\u00a0: écrit les brouillons et propose"),
            (StaffRole.MANAGER, "Responsable\u00a0: publie, accepte, et invite"),
        ],
    )


@staff_page
def networks(request: HttpRequest) -> HttpResponse:
    """Those whose colleagues the person manages."""
    user: Any = request.user
    found = Network.objects.order_by("name")
    if not user.is_officer:
        managed = [position.network for position in positions_of(user) if position.manages]
        require(can_manage_colleagues(user, managed[0] if managed else 0))
        found = found.filter(pk__in=managed)
    context = {
        "title": "Réseaux",
        "breadcrumb_data": breadcrumb("Réseaux"),
        "networks": list(found),
    }
    return render(request, "workspace/colleagues/networks.html", context)


@staff_page
def colleagues(request: HttpRequest, slug: str) -> HttpResponse:
    user: Any = request.user
    network = get_object_or_404(Network, slug=slug)
    require(can_manage_colleagues(user, network.pk))
    form = InviteForm()
    if request.method == "POST":
        form = InviteForm(request.POST) if "email" in request.POST else form
        told(request, lambda: _do(request, network, user, form))
        if not form.errors:
            return redirect("workspace:colleagues", slug)
    staff = network.staff.select_related("user").order_by("user__full_name", "pk")
    invited = network.invitations.filter(accepted_at=None, withdrawn_at=None)
    return render(
        request,
        "workspace/colleagues/network.html",
        {
            "title": f"Collègues – {network}",
            "breadcrumb_data": breadcrumb(f"Collègues – {network}"),
            "network": network,
            "form": form,
            "staff": [
                {"row": row, "me": row.user_id == user.pk, "manager": row.role == StaffRole.MANAGER}
                for row in staff
            ],
            "invited": shown(invited),
        },
    )


def _do(request: HttpRequest, network: Network, user: User, form: InviteForm) -> str:
    """What the button asks for; what to say of it. Rows are looked for in this network alone."""
    asked = request.POST
    if "email" in asked:
        if not form.is_valid():
            return ""
        given = form.cleaned_data
        invite(given["email"], by=user, network=network, staff_role=given["staff_role"])
        return f"L’invitation est envoyée à {given['email']}."
    if "invitation" in asked:
        return answer_invitation(request, network.invitations.all())
    staff = get_object_or_404(NetworkStaff, network=network, pk=number(asked.get("staff", "")))
    act = asked.get("act")
    if act in {StaffRole.MANAGER, StaffRole.EDITOR}:
        change_role(staff, str(act))
        return "Le rôle est changé."
    if act == "retirer":
        remove(staff)
        return f"{staff.user} n’est plus dans le réseau."
    if act == "facteur":
        require(can_reset_factor(user, staff.user))
        reason = asked.get("why", "").strip()[:_LONGEST_REASON]
        reset_factor(staff.user, by=user, reason=reason)
        return (
            f"La double authentification de {staff.user} est retirée\u00a0; un courriel le lui dit."
        )
    return ""


def told(request: HttpRequest, act: Callable[[], str]) -> None:
    """Does ``act`` and says what it answers, or what the rules refuse, on the next page."""
    try:
        done = act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        messages.error(request, message)
    else:
        if done:
            messages.success(request, done)


def shown(invitations: QuerySet[Invitation]) -> list[dict[str, Any]]:
    """Invitations as ``_invited.html`` lists them."""
    now = timezone.now()
    return [{"row": row, "over": row.expires_at <= now} for row in invitations]


def answer_invitation(request: HttpRequest, among: QuerySet[Invitation]) -> str:
    """Sends again or withdraws the one that the button is of; what to say of it."""
    found = get_object_or_404(among, pk=number(request.POST["invitation"]))
    if request.POST.get("act") == "renvoyer":
        send_again(found)
        return "Une nouvelle invitation est envoyée."
    withdraw(found)
    return "L’invitation est retirée."


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
