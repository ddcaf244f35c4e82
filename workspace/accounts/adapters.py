"""How allauth is made the site's own: its words, its mails, its rules."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from networks.permissions import needs_two_factors
from workspace.accounts.letters import write
from workspace.accounts.proconnect.matching import remember

_NO_ADDRESS = "0.0.0.0"  # noqa: S104


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé.",
        "duplicate_email": "C’est déjà l’adresse de votre compte.",
        "email_password_mismatch": "L’adresse ou le mot de passe ne convient pas.",
        "email_taken": "Un compte existe déjà à cette adresse.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": "Ce code ne convient pas, ou il a déjà servi\u00a0: attendez le suivant.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_password_reset": "Ce lien n’est plus valable.",
        "rate_limited": "Trop d’essais en peu de temps\u00a0: patientez quelques minutes.",
        "too_many_login_attempts": (
            "Trop d’essais en peu de temps\u00a0: patientez cinq minutes, ou choisissez un nouveau "
            "mot de passe."
        ),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        write(template_prefix, email, context)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By invitation only."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The workspace is for those who keep records; the ministry and auditors have the admin."""
        user: Any = request.user
        if user.is_staff:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_login_stages(self) -> list[str]:
        own = "workspace.accounts.stages.SecondFactorStage"
        return [
            own if stage == "allauth.mfa.stages.AuthenticateStage" else stage
            for stage in super().get_login_stages()
        ]

    def pre_login(self, request: HttpRequest, user: Any, **about: Any) -> HttpResponse | None:
        answer = super().pre_login(request, user, **about)
        login = (about.get("signal_kwargs") or {}).get("sociallogin")
        if answer is None and login is not None:
            remember(request, user, login)
        return answer

    def get_client_ip(self, request: HttpRequest) -> str:
        # A socket of Unix has no address: all who come through it share one limit.
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return _NO_ADDRESS


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": (
            "Votre rôle demande deux facteurs\u00a0: l’application ne se retire pas."
        ),
        "cannot_generate_recovery_codes": "Configurez d’abord une application.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not of who must have one: to change it, a colleague or the ministry resets it."""
        return not needs_two_factors(authenticator.user)

    def encrypt(self, text: str) -> str:
        """A copy of the database gives no one's second factor."""
        return _ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _ciphers().decrypt(encrypted_text.encode()).decode()


def _ciphers() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(secret: str | bytes) -> bytes:
    digest = salted_hmac("second-factor", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
