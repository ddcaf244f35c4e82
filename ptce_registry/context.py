"""What every template knows about the site; a constant, so that no page pays a statement for it."""

from django.conf import settings
from django.http import HttpRequest

SITE_CONFIG = {
    "site_title": "Registre national des PTCE",
    "site_tagline": "Pôles territoriaux de coopération économique",
    "description": (
        "Les pôles territoriaux de coopération économique de France, sur une carte et en liste, "
        "avec leurs membres, leurs thèmes et leurs sources."
    ),
    "mourning": False,
    "accessibility_status": "not",
}


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "SITE_CONFIG": SITE_CONFIG,
        "SITE_URL": settings.SITE_URL,
        "RELEASE": settings.RELEASE,
        "DEVELOPMENT": settings.DEVELOPMENT,
        "DEMONSTRATION": settings.DEMONSTRATION,
        "PROCONNECT": bool(settings.PROCONNECT_URL),
    }
