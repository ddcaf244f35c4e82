from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig as BaseStaticFilesConfig


class RegistryConfig(AppConfig):
    name = "ptce_registry"
    verbose_name = "Registre des PTCE"
    default = True


class StaticFilesConfig(BaseStaticFilesConfig):
    # What no page uses is neither copied nor compressed: the design system alone has 3,000 files.
    ignore_patterns = [
        *BaseStaticFilesConfig.ignore_patterns,
        "*.map",
        "*.legacy.*",
        "*.print.min.css",
        "README.md",
        "dsfr/dist/analytics",
        "dsfr/dist/component",
        "dsfr/dist/core",
        "dsfr/dist/dsfr",
        "dsfr/dist/layout",
        "dsfr/dist/legacy",
        "dsfr/dist/scheme",
        "dsfr/dist/utility/colors",
        "dsfr/dist/utility/icons",
        "dsfr/dist/utility/pictograms",
        "leaflet/draw",
        "leaflet/proj4*",
    ]
