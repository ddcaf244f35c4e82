"""Every setting of the registry, read from the environment. See README, « En production »."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ptce_registry.release import release_name
from ptce_registry.settings_accounts import *  # noqa: F403
from ptce_registry.settings_accounts import ACCOUNT_APPS, ACCOUNT_REFUSALS
from ptce_registry.settings_database import *  # noqa: F403
from ptce_registry.settings_database import DATABASE_REFUSALS

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.Env()

# Development is asked for by name: a server that forgets to say where it runs is in production.
DEVELOPMENT = env.bool("PTCE_DEVELOPMENT", default=False)
DEBUG = env.bool("DEBUG", default=False) and DEVELOPMENT
DEMONSTRATION = env.bool("DEMONSTRATION", default=DEVELOPMENT)
# What a developer's machine keeps: the private database, the mails, the static files.
DEMO_DIR = Path(env.str("PTCE_DEMO_DIR", default=str(BASE_DIR / ".demo")))

_refusals: list[str] = [*ACCOUNT_REFUSALS, *DATABASE_REFUSALS]


def _required(name: str, meaning: str, development: str) -> str:
    """A variable that only development may leave out; its absence is told with all the others."""
    value = env.str(name, default="").strip() or (development if DEVELOPMENT else "")
    if not value:
        _refusals.append(f"{name} manque : {meaning}.")
    return value


def _refuse(name: str, meaning: str, *, when: bool) -> None:
    if when and not DEVELOPMENT:
        _refusals.append(f"{name} ne convient pas : {meaning}.")


SECRET_KEY = _required(
    "SECRET_KEY", "au moins 50 caractères tirés au hasard, gardés secrets", "development-only" * 4
)
_refuse(
    "SECRET_KEY",
    "au moins 50 caractères, tirés au hasard",
    when=bool(SECRET_KEY) and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5),
)
_hosts = _required(
    "ALLOWED_HOSTS", "les noms du site, séparés par des virgules", "localhost,127.0.0.1,[::1]"
)
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",") if host.strip()]
_refuse("ALLOWED_HOSTS", "« * » accepterait n’importe quel nom", when="*" in ALLOWED_HOSTS)
SITE_URL = _required(
    "SITE_URL",
    "l’adresse publique, comme https://registre.example",
    f"http://localhost:{env.str('PORT', default='8000')}",
).rstrip("/")
_refuse(
    "SITE_URL",
    "une adresse complète, qui commence par https://",
    when=bool(SITE_URL) and not (SITE_URL.startswith("https://") and urlsplit(SITE_URL).hostname),
)
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "ptce_registry",
    "core",
    "territories",
    "networks",
    "members",
    "poles",
    "calls",
    "catalogue",
    "directory",
    "workspace",
    "ptce_registry.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "ptce_registry.apps.StaticFilesConfig",
    "django_filters",
    "django_htmx",
    "leaflet",
    "django_tasks_db",
    "pgtrigger",
    "pghistory",
    "import_export",
    "widget_tweaks",
    "dsfr",
    *ACCOUNT_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "ptce_registry.middleware.without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workspace.accounts.gate.SecondFactorMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
ROOT_URLCONF = "ptce_registry.urls"
WSGI_APPLICATION = "ptce_registry.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "ptce_registry.context.site",
            ],
            "builtins": ["core.templatetags.plural"],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One for all the processes: attempts are counted together, and what others answered is asked once.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "networks_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = env.str(
    "STATIC_ROOT", default=str(DEMO_DIR / "static" if DEVELOPMENT else BASE_DIR / "staticfiles")
)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ptce_registry.static.XStaticFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ptce_registry.static.PublishedFilesStorage"
    },
}

# What the legal notice says of who publishes and hosts; what is empty is said not to be given.
PUBLISHER = {
    key: env.str(f"PUBLISHER_{key.upper()}", default="")
    for key in (
        *("name", "address", "director", "contact", "data_protection"),
        *("host_name", "host_address", "log_retention"),
    )
}

# The map's background is the only thing that a page may fetch from elsewhere.
TILES_URL = env.str(
    "TILES_URL",
    default=(
        "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
        "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    ),
)
TILES_ATTRIBUTION = env.str("TILES_ATTRIBUTION", default="© IGN")
_TILES_ORIGIN = "/".join(TILES_URL.split("/")[:3]) if TILES_URL else ""
LEAFLET_CONFIG = {"NO_GLOBALS": True, "RESET_VIEW": False}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", *([_TILES_ORIGIN] if _TILES_ORIGIN else [])],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ptce_registry.errors.csrf_failure"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # What the proxy itself adds to X-Forwarded-For: limits are by visitor.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

DEFAULT_FROM_EMAIL = _required(
    "DEFAULT_FROM_EMAIL", "l’adresse qui signe les courriels du site", "registre@localhost"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_email_url = _required(
    "EMAIL_URL", "le serveur d’envoi, comme smtp+tls://compte:mot-de-passe@machine:587", "file://"
)
_sends_mail = urlsplit(_email_url).scheme in {"smtp", "smtp+tls", "smtps", "smtp+ssl"}
_refuse("EMAIL_URL", "smtp+tls://… ou smtp+ssl://…", when=bool(_email_url) and not _sends_mail)
if _sends_mail:
    _mail = env.email_url_config(_email_url)
    MAILERS = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail["EMAIL_HOST"],
                "port": _mail["EMAIL_PORT"],
                "username": _mail["EMAIL_HOST_USER"],
                "password": _mail["EMAIL_HOST_PASSWORD"],
                "use_tls": _mail.get("EMAIL_USE_TLS", False),
                "use_ssl": _mail.get("EMAIL_USE_SSL", False),
                "timeout": 10,
            },
        }
    }
else:
    # Shown at /courriels/, in development only.
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(DEMO_DIR / "courriels")},
        }
    }

# Rows of the transaction that asks for them, done by « manage.py db_worker » once it is committed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# The State's register (API Recherche d’entreprises); the pages do without it when it is down.
REGISTER_URL = env.str("REGISTER_URL", default="https://recherche-entreprises.api.gouv.fr/search")
REGISTER_TIMEOUT_SECONDS = GEOCODER_TIMEOUT_SECONDS = 2
REGISTER_CACHE_SECONDS = GEOCODER_CACHE_SECONDS = 24 * 60 * 60
REGISTER_REQUESTS_A_SECOND = 7
# The State's geocoder (Géoplateforme), likewise.
GEOCODER_URL = env.str("GEOCODER_URL", default="https://data.geopf.fr/geocodage").rstrip("/")

# A pole of 1,000 members, saved at once with 200 new ones, sends some 9,000 fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# What a person may send of a file at once: the spreadsheets of the networks.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=10) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "core.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Whom the registry writes to at the ministry, and the delay that a broken composition is given.
MINISTRY_EMAIL = env.str("MINISTRY_EMAIL", default="")
REGULARISATION_DAYS = env.int("REGULARISATION_DAYS", default=30)
# Staff come three times a year: a draft waits for them from one time to the next, and no longer.
DRAFT_DAYS = env.int("DRAFT_DAYS", default=180)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django's own handlers would write each line twice, and mail what the log already says.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # At INFO it writes each address asked for, with the names that people search for in it.
        "httpx": {"level": "WARNING"},
    },
}

PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# The pages of a release are kept by browsers until the next: what shows in them makes its name.
RELEASE = env.str("RELEASE", default="") or release_name(
    VERSION, BASE_DIR, SITE_URL, DEMONSTRATION, PUBLISHER, TILES_URL, TILES_ATTRIBUTION
)

if _refusals:
    raise ImproperlyConfigured(
        "Le registre ne peut pas démarrer :\n"
        + "\n".join(f"  - {refusal}" for refusal in _refusals)
        + "\nVoir README.md, « En production » ; sur un poste de développement : make run."
    )
