"""The forms of sign-in: allauth's, in the words of the site."""

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account
from allauth.mfa import app_settings as factor_settings
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache

_ADDRESS = "Adresse électronique"
_ADDRESS_HINT = "Format attendu\u00a0: nom@domaine.fr"
HOW_TO_CHOOSE = (
    "12 caractères au moins, qui ne soient ni votre nom ni un mot de passe courant. "
    "Une phrase se retient mieux."
)
_CODE = "Code à six chiffres"
_AGAIN = "Le même, une seconde fois"


def _say(form: forms.Form, words: Mapping[str, tuple[str, str]]) -> None:
    """Gives each field its label and its hint; a placeholder would go as soon as one types."""
    for name, (label, hint) in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, hint
        field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"login": (_ADDRESS, _ADDRESS_HINT), "password": ("Mot de passe", "")})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"email": (_ADDRESS, _ADDRESS_HINT)})


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"password1": ("Nouveau mot de passe", HOW_TO_CHOOSE), "password2": (_AGAIN, "")}
        _say(self, words)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": ("Mot de passe actuel", ""),
            "password1": ("Nouveau mot de passe", HOW_TO_CHOOSE),
            "password2": (_AGAIN, ""),
        }
        _say(self, words)


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password1": ("Mot de passe", HOW_TO_CHOOSE), "password2": (_AGAIN, "")})


class ChangeAddressForm(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"email": ("Nouvelle adresse électronique", _ADDRESS_HINT)})


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password": ("Mot de passe", "")})


def _ask_code(form: forms.Form, hint: str) -> None:
    _say(form, {"code": (_CODE, hint)})
    form.fields["code"].widget.attrs["inputmode"] = "numeric"


def _use_once(authenticator: Authenticator, code: str) -> bool:
    """Whether this code was not used yet.

    allauth remembers a code for one step of the clock, and with its tolerance it stays valid for
    three: who saw it typed could type it again.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    digits = "".join(filter(str.isdigit, code))
    steps = 2 * factor_settings.TOTP_TOLERANCE + 1
    key = f"code-used-{authenticator.pk}-{digits}"
    return cache.add(key, True, steps * factor_settings.TOTP_PERIOD)


_AT_SIGN_IN = "Celui de votre application d’authentification, ou l’un de vos codes de secours."


class AuthenticateForm(factor.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _AT_SIGN_IN)

    def clean_code(self) -> str:
        code = super().clean_code()
        if not _use_once(self.authenticator, code):
            raise factor.get_adapter().validation_error("incorrect_code")
        return code


class ReauthenticateWithCodeForm(factor.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, _AT_SIGN_IN)

    def clean_code(self) -> str:
        code = super().clean_code()
        if not _use_once(self.authenticator, code):
            raise factor.get_adapter().validation_error("incorrect_code")
        return code


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_code(self, "Celui que l’application montre maintenant.")
