"""Accepting an invitation: one's name and a password, or one click for who has an account."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from networks.models import User
from networks.staff import accept, account_at, invitation_of
from workspace.accounts.forms import HOW_TO_CHOOSE


class AcceptForm(forms.Form):
    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Mot de passe",
        help_text=HOW_TO_CHOOSE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, data: Any = None) -> None:
        super().__init__(data)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "password" in given:
            person = User(email=self.email, full_name=given.get("full_name", ""))
            try:
                validate_password(given["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = invitation_of(token)
    if found is None:
        return render(request, "account/invitation_over.html", status=410)
    known = account_at(found.email)
    sent = request.method == "POST"
    form = None if known else AcceptForm(found.email, request.POST if sent else None)
    if sent and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        try:
            user = accept(token, **given)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("account_login")
        if known:
            # The link shows the mailbox, and not the password: it signs no one in.
            messages.success(request, "L’invitation est acceptée\u00a0: connectez-vous.")
            return redirect("account_login")
        if request.user.is_authenticated:
            logout(request, show_message=False)
        return perform_login(request, user)
    context = {"found": found, "known": known, "form": form}
    return render(request, "account/invitation.html", context)
