"""Whose account an identity of ProConnect opens; no account is ever made for it."""

import logging
import secrets
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from networks.models import User
from workspace.accounts.proconnect import server
from workspace.accounts.proconnect.provider import (
    PROVIDER,
    ProConnectProvider,
    is_strong,
    make_provider,
)

log = logging.getLogger(__name__)
# In the session: the token that ProConnect asks for when one leaves it.
ID_TOKEN = "proconnect-id-token"  # noqa: S105


def remember(request: HttpRequest, user: User, login: Any) -> None:
    """Notes how strong this sign-in was, and what its end will ask for."""
    strong = True if is_strong(login.account.extra_data) else None
    record_authentication(request, user, PROVIDER, strong=strong)
    request.session[ID_TOKEN] = login.id_token
    # As after a password: never past the closing of the browser.
    request.session.set_expiry(0)


def trouble(request: HttpRequest, what: str, status: int, **context: Any) -> HttpResponse:
    """The page of a sign-in that did not succeed, and what to do instead."""
    known = {"what": what, "address": "", "at_proconnect": ID_TOKEN in request.session}
    return render(request, "account/proconnect_trouble.html", {**known, **context}, status=status)


def down(request: HttpRequest, error: server.Down) -> HttpResponse:
    response = trouble(request, "down", 503)
    response["Retry-After"] = str(max(round(error.retry_after), 60))
    return response


class SocialAdapter(DefaultSocialAccountAdapter):
    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(48)

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list:
        return []

    def list_providers(self, request: HttpRequest) -> list[ProConnectProvider]:
        """None for allauth's own pages: the way to ProConnect has its own button."""
        return []

    def get_provider(
        self, request: HttpRequest | None, provider: str, client_id: str | None = None
    ) -> ProConnectProvider:
        if provider != PROVIDER:
            raise SocialApp.DoesNotExist
        return make_provider(request)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        return sociallogin.user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account of an address that both sides know to be verified."""
        for address in sociallogin.email_addresses:
            if not address.verified:
                continue
            known = EmailAddress.objects.filter(
                email__iexact=address.email, verified=True, user__email=address.email
            ).select_related("user")
            for each in known[:1]:
                return each.user, each.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Before anything is linked or opened; raises the page of a refusal."""
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(redirect("account_inactive"))
            return
        # Kept so that the person may leave ProConnect, and come back as someone else.
        request.session[ID_TOKEN] = sociallogin.id_token
        addresses = sociallogin.email_addresses
        what = "stranger" if any(each.verified for each in addresses) else "unverified"
        address = addresses[0].email if addresses else ""
        raise ImmediateHttpResponse(trouble(request, what, 403, address=address))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            messages.info(request, "Vous n’êtes pas passé par ProConnect.")
            raise ImmediateHttpResponse(redirect("account_login"))
        log.warning("ProConnect: %s", exception or request.GET.get("error") or "another state")
        if isinstance(exception, server.Down):
            raise ImmediateHttpResponse(down(request, exception))
        raise ImmediateHttpResponse(trouble(request, "failed", 400))
