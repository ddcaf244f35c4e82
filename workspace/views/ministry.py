"""The people of the ministry: an administrator invites them, changes their role, removes them."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from networks.models import Invitation, Role, User
from networks.people import ministry as people_of_ministry
from networks.permissions import can_invite_officers, can_reset_factor
from networks.staff import change_ministry_role, invite, leave_ministry, reset_factor
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.views.colleagues import answer_invitation, number, shown, told

_LONGEST_REASON = 500
# What a role is turned into, and the two ways in which the button says it.
_ROLES = (
    (Role.OFFICER, "Passer agent", "agent"),
    (Role.ADMINISTRATOR, "Nommer administrateur", "administrateur"),
    (Role.AUDITOR, "Passer auditeur", "auditeur"),
)


class InviteOfficerForm(forms.Form):
    email = forms.EmailField(
        label="Adresse électronique", help_text="Format attendu\u00a0: nom@domaine.fr"
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=[
            (Role.OFFICER, "Agent\u00a0: tient les fiches, reconnaît, mène les appels à projets"),
            (Role.ADMINISTRATOR, "Administrateur\u00a0: de plus, les comptes et les réglages"),
            (Role.AUDITOR, "Auditeur\u00a0: lit tout dans l’administration, et n’y change rien"),
        ],
    )


@staff_page
def ministry(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(can_invite_officers(user))
    form = InviteOfficerForm()
    if request.method == "POST":
        form = InviteOfficerForm(request.POST) if "email" in request.POST else form
        told(request, lambda: _do(request, user, form))
        if not form.errors:
            # Who is no more an administrator has no more to do here.
            still = User.objects.get(pk=user.pk).is_administrator
            return redirect("workspace:ministry" if still else "account")
    waiting = Invitation.objects.filter(network=None, accepted_at=None, withdrawn_at=None)
    people = people_of_ministry().order_by("full_name", "pk")
    return render(
        request,
        "workspace/colleagues/ministry.html",
        {
            "title": "Ministère",
            "breadcrumb_data": breadcrumb("Ministère"),
            "form": form,
            "people": [
                {
                    "row": row,
                    "me": row.pk == user.pk,
                    "others": [each for each in _ROLES if each[0] != row.role],
                }
                for row in people
            ],
            "invited": shown(waiting),
        },
    )


def _do(request: HttpRequest, user: User, form: InviteOfficerForm) -> str:
    """What the button asks for; what to say of it."""
    asked = request.POST
    if "email" in asked:
        if not form.is_valid():
            return ""
        given = form.cleaned_data
        invite(given["email"], by=user, role=given["role"])
        return f"L’invitation est envoyée à {given['email']}."
    if "invitation" in asked:
        return answer_invitation(request, Invitation.objects.filter(network=None))
    person = get_object_or_404(people_of_ministry(), pk=number(asked.get("person", "")))
    match asked.get("act"):
        case Role.OFFICER | Role.ADMINISTRATOR | Role.AUDITOR as role:
            change_ministry_role(person, str(role))
            return "Le rôle est changé."
        case "retirer":
            leave_ministry(person)
            return f"{person} n’est plus du ministère."
        case "facteur":
            require(can_reset_factor(user, person))
            reset_factor(person, by=user, reason=asked.get("why", "").strip()[:_LONGEST_REASON])
            return (
                f"La double authentification de {person} est retirée\u00a0; un courriel le lui dit."
            )
    raise Http404
