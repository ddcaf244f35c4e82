"""What sign-in is made of, ProConnect included. Read by `settings.py`."""

import environ

_env = environ.Env()
_development = _env.bool("PTCE_DEVELOPMENT", default=False)
# What `settings.py` adds to its own refusals.
ACCOUNT_REFUSALS: list[str] = []

ACCOUNT_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_USER_MODEL = "networks.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "networks.passwords.FrenchCommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:dashboard"
LOGOUT_REDIRECT_URL = "directory:home"

# A working day, and never past the closing of the browser: machines are shared.
SESSION_COOKIE_AGE = 12 * 60 * 60

ACCOUNT_ADAPTER = "workspace.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# One address an account; another replaces it once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/h/ip,3/h/key",
    "confirm_email": "1/3m/key",
}
ACCOUNT_FORMS = {
    "login": "workspace.accounts.forms.LoginForm",
    "reset_password": "workspace.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "workspace.accounts.forms.NewPasswordForm",
    "change_password": "workspace.accounts.forms.ChangePasswordForm",
    "set_password": "workspace.accounts.forms.SetPasswordForm",
    "add_email": "workspace.accounts.forms.ChangeAddressForm",
    "reauthenticate": "workspace.accounts.forms.ReauthenticateForm",
}

MFA_ADAPTER = "workspace.accounts.adapters.FactorAdapter"
# Nobody is signed in without a confirmed address: one that waits to replace it is no obstacle.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Registre des PTCE"
# A clock that is half a minute off is no stranger's; a code is nevertheless used once.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "workspace.accounts.forms.AuthenticateForm",
    "reauthenticate": "workspace.accounts.forms.ReauthenticateWithCodeForm",
    "activate_totp": "workspace.accounts.forms.ActivateForm",
}

# Sign-in of public agents, off as long as none of the three is given.
PROCONNECT_URL = _env.str("PROCONNECT_URL", default="").strip().rstrip("/")
PROCONNECT_CLIENT_ID = _env.str("PROCONNECT_CLIENT_ID", default="").strip()
PROCONNECT_CLIENT_SECRET = _env.str("PROCONNECT_CLIENT_SECRET", default="").strip()
_proconnect = {
    "PROCONNECT_URL": PROCONNECT_URL,
    "PROCONNECT_CLIENT_ID": PROCONNECT_CLIENT_ID,
    "PROCONNECT_CLIENT_SECRET": PROCONNECT_CLIENT_SECRET,
}
if any(_proconnect.values()):
    ACCOUNT_REFUSALS += [
        f"{name} manque : ProConnect demande son adresse, un identifiant et un secret."
        for name, value in _proconnect.items()
        if not value
    ]
    if PROCONNECT_URL and not (_development or PROCONNECT_URL.startswith("https://")):
        ACCOUNT_REFUSALS.append(
            "PROCONNECT_URL ne convient pas : une adresse en https://, qui finit par /api/v2."
        )
# Whether an address of which ProConnect does not say that it is verified is taken for verified;
# one that it says is not never is.
PROCONNECT_ADDRESSES_VERIFIED = _env.bool("PROCONNECT_ADDRESSES_VERIFIED", default=False)
# The levels (acr) at which two factors were shown; asked for, then checked in what is answered.
PROCONNECT_TWO_FACTORS = [
    *("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"),
    "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
]
PROCONNECT_TIMEOUT_SECONDS = 2
PROCONNECT_CACHE_SECONDS = 24 * 60 * 60

SOCIALACCOUNT_ADAPTER = "workspace.accounts.proconnect.matching.SocialAdapter"
# An identity whose verified address is that of an account is that person's from then on.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
