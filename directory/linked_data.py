"""What search engines read of a pole: schema.org, as data within the page."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from catalogue.models import Precision
from directory.queries.pole import Parts
from members.models import PublicationStatus
from poles.models import Membership, Pole

# The characters by which a text could close the script that holds it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def as_script(data: dict[str, Any]) -> SafeString:
    """The data as the content of a script of type ``application/ld+json``."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308


def organisation_data(pole: Pole, parts: Parts, members: list[Membership]) -> dict[str, Any]:
    """The pole as a schema.org Organization; a point only where it is known."""
    index = pole.index
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": settings.SITE_URL + reverse("directory:pole", args=[pole.slug]),
        "name": pole.name,
        "identifier": pole.public_id,
        "url": pole.website or settings.SITE_URL + reverse("directory:pole", args=[pole.slug]),
    }
    place: dict[str, Any] = {"@type": "Place", "name": index.place} if index.place else {}
    if index.precision is not None and index.precision <= Precision.COMMUNE and index.latitude:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": round(index.latitude, 5),
            "longitude": round(index.longitude or 0, 5),
        }
    optional: dict[str, object] = {
        "alternateName": pole.acronym,
        "description": pole.summary,
        "foundingDate": str(pole.founding_year or ""),
        "dissolutionDate": pole.closed_on.isoformat() if pole.closed_on else "",
        "email": pole.contact_email,
        "location": place,
        "knowsAbout": [theme["name"] for theme in parts.themes],
        "areaServed": [
            {"@type": "AdministrativeArea", "name": territory["name"]}
            for territory in parts.coverage
        ],
        "member": [
            {"@type": "Organization", "name": each.organisation.name}
            for each in members
            if each.organisation.publication_status == PublicationStatus.DIFFUSIBLE
        ],
    }
    return data | {name: value for name, value in optional.items() if value}
