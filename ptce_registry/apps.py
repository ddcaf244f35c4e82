from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as BaseStaticFilesConfig
from django.core import checks

from ptce_registry.roles import check_roles
from ptce_registry.settings_accounts import ACCOUNT_APPS


class RegistryConfig(AppConfig):
    name = "ptce_registry"
    verbose_name = "Registre des PTCE"
    default = True

    def ready(self) -> None:
        checks.register(check_roles, checks.Tags.security, deploy=True)


class AdminConfig(SimpleAdminConfig):
    """The admin site, without the modules that need GDAL or that nobody here uses.

    Nor those of sign-in: they would show second factors, and change addresses unconfirmed. Tasks
    have one of ours, in French.
    """

    default = False
    default_site = "ptce_registry.admin_site.RegistrySite"
    without = frozenset({"leaflet", "dsfr", "django_tasks_db", *ACCOUNT_APPS})

    def ready(self) -> None:
        super().ready()
        for app in apps.get_app_configs():
            if app.name not in self.without and find_spec(f"{app.name}.admin"):
                import_module(f"{app.name}.admin")


class StaticFilesConfig(BaseStaticFilesConfig):
    # What no page uses is neither copied nor compressed: the design system alone has 3,000 files.
    ignore_patterns = [
        *BaseStaticFilesConfig.ignore_patterns,
        "*.map",
        "*.md",
        "*LICENSE*",
        "*.legacy.*",
        "*.print.min.css",
        "django-dsfr/*",
        "dsfr/dist/analytics/*",
        "dsfr/dist/component/*",
        "dsfr/dist/core/*",
        "dsfr/dist/dsfr.min.css",
        "dsfr/dist/dsfr.nomodule.min.js",
        "dsfr/dist/dsfr/*",
        "dsfr/dist/layout/*",
        "dsfr/dist/legacy/*",
        "dsfr/dist/scheme/*",
        "dsfr/dist/utility/colors/*",
        "dsfr/dist/utility/icons/*",
        "dsfr/dist/utility/pictograms/*",
        "dsfr/dist/utility/utility.min.css",
        "leaflet/Control.MiniMap.*",
        "leaflet/draw/*",
        "leaflet/leaflet-src.js",
        "leaflet/leaflet.forms.js",
        "leaflet/proj4*",
    ]
