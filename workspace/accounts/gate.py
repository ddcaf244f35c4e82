"""The one door of the second factor: /espace/, /admin/ and all that is not named open here."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from networks.permissions import needs_two_factors

# Rooms whose pages are the same for everyone, signed in or not.
_OPEN_ROOMS = frozenset({"directory", "opendata"})
_OPEN = frozenset(
    """
    health alive robots sitemap sitemap-section mails
    account_login account_logout account_inactive account_reauthenticate
    account_email_verification_sent account_confirm_email
    account_reset_password account_reset_password_done
    account_reset_password_from_key account_reset_password_from_key_done account_signup access_asked
    account_erased
    invitation mfa_authenticate mfa_reauthenticate mfa_activate_totp
    proconnect proconnect_callback proconnect_left
    """.split()
)


class SecondFactorMiddleware:
    """Who must show two factors and has shown one opens nothing but what leads to the second.

    An address that is added anywhere is behind this door until it is named above.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # What is open is not even asked who comes: a public page reads no session.
        if is_open(request.resolver_match):
            return None
        user: Any = request.user
        if not user.is_authenticated or shown_both(request) or not needs_two_factors(user):
            return None
        return _towards(request, user)


def is_open(match: ResolverMatch | None) -> bool:
    if match is None:
        return False
    if match.namespaces:
        return match.namespaces[0] in _OPEN_ROOMS
    return match.url_name in _OPEN


def shown_both(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor, or has shown one since."""
    return has_shown_both(request, request.user)


def has_shown_both(request: HttpRequest, user: Any) -> bool:
    """The same of someone who is signing in, and is not yet ``request.user``."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" or record.get("strong") for record in records)


def _towards(request: HttpRequest, user: Any) -> HttpResponse:
    has_one = is_mfa_enabled(user, [Authenticator.Type.TOTP])
    page = reverse("mfa_reauthenticate" if has_one else "mfa_activate_totp")
    if has_one and request.method == "GET":
        page = f"{page}?{urlencode({'next': request.get_full_path()})}"
    htmx: Any = getattr(request, "htmx", False)
    return HttpResponseClientRedirect(page) if htmx else HttpResponseRedirect(page)
