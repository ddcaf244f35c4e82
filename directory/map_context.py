"""What the map's template needs."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from catalogue.reference import reference
from directory.drawn_map import RegionCount, drawn_map


def map_context(
    counts: Mapping[str, int], query: str = "", *, integration: bool = False
) -> dict[str, object]:
    """The map of the poles that answer ``query``; ``counts``: how many in each région."""
    data_url = reverse("directory:map-data")
    return {
        "data_url": data_url,
        "initial_url": f"{data_url}?{query}" if query else data_url,
        "tiles_url": settings.TILES_URL,
        "tiles_attribution": settings.TILES_ATTRIBUTION,
        "pole_url": reverse("directory:pole-list"),
        "map_url": reverse("directory:map"),
        "drawn": drawn_regions(counts),
        "integration": integration,
    }


def drawn_regions(counts: Mapping[str, int]) -> dict[str, object]:
    """The drawn map of every région."""
    return drawn_map(
        RegionCount(
            place.code,
            place.name,
            reverse("directory:region", args=[place.slug]),
            counts.get(place.code, 0),
        )
        for place in reference().regions.values()
    )
