"""The mails of accounts: what allauth wants to write, in the site's own templates and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.mail import send_later


@dataclass(frozen=True)
class Letter:
    subject: str
    template: str
    # For a notice: what happened to the account.
    happened: str = ""


def _notice(subject: str, happened: str) -> Letter:
    return Letter(subject, "account_notice", happened)


_CONFIRM = Letter("Confirmez votre adresse électronique", "address_confirmation")
LETTERS: Mapping[str, Letter] = {
    "account/email/password_reset_key": Letter("Nouveau mot de passe", "password_reset"),
    "account/email/unknown_account": Letter(
        "Aucun compte à cette adresse", "password_reset_unknown"
    ),
    "account/email/email_confirmation": _CONFIRM,
    "account/email/email_confirmation_signup": _CONFIRM,
    "account/email/password_changed": _notice(
        "Mot de passe changé", "le mot de passe de votre compte a été changé"
    ),
    "account/email/password_reset": _notice(
        "Mot de passe changé",
        "un nouveau mot de passe a été choisi par un lien envoyé à votre adresse",
    ),
    "account/email/password_set": _notice(
        "Mot de passe choisi", "un mot de passe a été donné à votre compte"
    ),
    "account/email/email_changed": _notice(
        "Adresse électronique changée", "l’adresse de votre compte a été remplacée par une autre"
    ),
    "account/email/email_deleted": _notice(
        "Changement d’adresse abandonné",
        "un changement de l’adresse de votre compte a été abandonné",
    ),
    "mfa/email/totp_activated": _notice(
        "Double authentification activée",
        "une application d’authentification a été ajoutée à votre compte",
    ),
    "mfa/email/totp_deactivated": _notice(
        "Double authentification retirée",
        "l’application d’authentification de votre compte a été retirée",
    ),
    "mfa/email/recovery_codes_generated": _notice(
        "Nouveaux codes de secours",
        "de nouveaux codes de secours ont été faits\u00a0; les anciens ne valent plus",
    ),
    "socialaccount/email/account_connected": _notice(
        "ProConnect relié à votre compte",
        "votre identité ProConnect a été reliée à votre compte, où elle permet d’entrer",
    ),
    "socialaccount/email/account_disconnected": _notice(
        "ProConnect séparé de votre compte",
        "votre identité ProConnect ne permet plus d’entrer dans votre compte",
    ),
}
# What allauth could write if the site let it: signing up, codes by mail, keys.
NEVER_WRITTEN = frozenset(
    {
        "account/email/account_already_exists",
        "account/email/login_code",
        "account/email/password_reset_code",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
    }
)


def write(prefix: str, to: str, given: Mapping[str, Any]) -> None:
    """Sends the letter that allauth calls ``prefix``."""
    letter = LETTERS[prefix]
    context = {
        "happened": letter.happened,
        "at": given.get("timestamp", timezone.now()),
        "link": given.get("password_reset_url") or given.get("activate_url") or "",
        "reset": f"{settings.SITE_URL}{reverse('account_reset_password')}",
        "ask": f"{settings.SITE_URL}{reverse('account_signup')}",
        "contact": settings.PUBLISHER["contact"],
    }
    send_later(to=[to], subject=letter.subject, template=letter.template, context=context)
