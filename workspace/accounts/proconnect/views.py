"""The way to ProConnect, the way back, and the way out of both."""

import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LogoutView as AccountLogoutView
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspace.accounts.proconnect import matching, server
from workspace.accounts.proconnect.provider import PROVIDER, ProConnectAdapter, make_provider

_LEAVING = "proconnect-leaving"


def _onward(request: HttpRequest, address: str, *, leaving: bool = False) -> HttpResponse:
    """A page that goes on by itself.

    Not a redirection: the policy of the site lets a form lead nowhere else, and a browser holds
    each step of what a form began to it, the next services included.
    """
    context = {"address": address, "leaving": leaving}
    return render(request, "account/proconnect_onward.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if not settings.PROCONNECT_URL:
        raise Http404
    if request.method != "POST":
        return redirect("account_login")
    limited = ratelimit.consume_or_429(request, action="login")
    if limited:
        return limited
    try:
        server.configuration()
    except server.Down as error:
        matching.log.warning("ProConnect: %s", error)
        return matching.down(request, error)
    except OAuth2Error as error:
        matching.log.warning("ProConnect: %s", error)
        return matching.trouble(request, "failed", 502)
    following = get_next_redirect_url(request)
    going = make_provider(request).redirect(request, AuthProcess.LOGIN, next_url=following)
    return _onward(request, going.url)


class _Callback(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    if not settings.PROCONNECT_URL:
        raise Http404
    return _Callback.adapter_view(ProConnectAdapter(request))(request)


class LogoutView(AccountLogoutView):
    """Leaving the site, and ProConnect with it: the next at this machine is not let in by it."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        id_token = self.request.session.get(matching.ID_TOKEN)
        answer = super().post(*args, **kwargs)
        self.request.session.pop(matching.ID_TOKEN, None)
        if not (id_token and settings.PROCONNECT_URL):
            return answer
        state = secrets.token_urlsafe(48)
        back = f"{settings.SITE_URL}{reverse('proconnect_left')}"
        try:
            address = server.farewell(id_token, state, back)
        except OAuth2Error as error:
            matching.log.warning("ProConnect: %s", error)
            messages.warning(
                self.request,
                "Vous êtes déconnecté du registre, mais ProConnect ne répond pas\u00a0: fermez "
                "votre navigateur pour en sortir aussi.",
            )
            return redirect("account_login")
        self.request.session[_LEAVING] = state
        return _onward(self.request, address, leaving=True)


logout = LogoutView.as_view()


@never_cache
@login_required
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    """The account opens by its password alone again, until its verified address links it anew."""
    user: Any = request.user
    gone, _ = SocialAccount.objects.filter(user=user, provider=PROVIDER).delete()
    if gone:
        get_adapter().send_notification_mail("socialaccount/email/account_disconnected", user)
        messages.success(request, "ProConnect est séparé de votre compte.")
    return redirect("account")


@never_cache
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Back from leaving ProConnect; who was not leaving is told nothing."""
    if not settings.PROCONNECT_URL:
        raise Http404
    expected = request.session.pop(_LEAVING, "")
    if expected and secrets.compare_digest(expected, request.GET.get("state", "")):
        messages.success(request, "Vous êtes déconnecté du registre et de ProConnect.")
        return redirect("account_login")
    return redirect(settings.LOGOUT_REDIRECT_URL)
