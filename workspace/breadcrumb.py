from typing import Any

from django.urls import reverse


def breadcrumb(current: str, *through: tuple[str, str]) -> dict[str, Any]:
    """The way to a page of the workspace; ``through``: the pages between, by address and title."""
    links = [(reverse("workspace:dashboard"), "Espace des réseaux"), *through]
    return {
        "links": [{"url": url, "title": title} for url, title in links],
        "current": current,
    }
