"""The pages of /compte/ that are the site's own."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from networks.models import Network, Role, User
from networks.permissions import positions_of

_LONGEST_NUMBER = 18


class ActivateView(ActivateTOTPView):
    """The code of the new application is a second factor shown, like at any sign-in."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        user: Any = self.request.user
        made = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        post_authentication(self.request, made, reauthenticated=True)
        return answer


class SessionsView(ListUserSessionsView):
    """Where the account is open; closed one by one, or all but this one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.POST.get("session", "")
        if not chosen.isdecimal() or len(chosen) > _LONGEST_NUMBER:
            return super().post(request, *args, **kwargs)
        user: Any = request.user
        end_sessions(request, list(UserSession.objects.filter(user=user, pk=int(chosen))))
        messages.success(request, "La session est fermée.")
        return redirect("usersessions_list")


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name",)
        labels = {"full_name": "Prénom et nom"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    # Another instance: a name that is refused must not show in the bar.
    mine = User.objects.get(pk=user.pk)
    form = NameForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("account")
    context = {
        "form": form,
        "roles": _roles(user),
        "has_factor": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
        "linked": SocialAccount.objects.filter(user=user).exists(),
    }
    return render(request, "account/my_account.html", context)


def _roles(user: User) -> list[str]:
    """What a person is, one line each."""
    lines = [user.get_role_display().capitalize()] if user.role != Role.NETWORK else []
    positions = {position.network: position for position in positions_of(user)}
    for network in Network.objects.filter(pk__in=positions).order_by("name"):
        role = "responsable" if positions[network.pk].manages else "rédaction"
        lines.append(f"{network}\u00a0: {role}")
    return lines or ["Aucun réseau pour l’instant"]
