"""The map's data: one small feature a pole, by the same filters as the list."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from catalogue.filters import PoleFilterSet
from catalogue.public import public_page
from core.version import data_version
from poles.models import Recognition


@public_page
def map_data(request: HttpRequest) -> HttpResponse:
    """GeoJSON, WGS 84. ``a``: how precise the place is, see catalogue.models.Precision.

    ``v``: the first letter of the verdict on its composition. ``k``: its recognition, if any.
    """
    asked = PoleFilterSet(request.GET)
    rows: Any = (
        asked.rows()
        .order_by("region", "departement", "commune", "pole_id")
        .values_list(  # type: ignore[misc]
            "pole_id",
            "slug",
            "pole__name",
            "place",
            "maturity",
            "precision",
            "region",
            "departement",
            "latitude",
            "longitude",
            "verdict_today",
            "recognition",
        )
    )
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [round(longitude, 4), round(latitude, 4)],
            }
            if latitude is not None and longitude is not None
            else None,
            "properties": {
                "id": pole_id,
                "s": slug,
                "n": name,
                "p": place,
                "m": maturity,
                "a": precision,
                "r": region,
                "d": departement,
                "v": verdict[0],
                # Left out where there is none: most have none.
                **({"k": recognition} if recognition != Recognition.NONE else {}),
            },
        }
        for (
            pole_id,
            slug,
            name,
            place,
            maturity,
            precision,
            region,
            departement,
            latitude,
            longitude,
            verdict,
            recognition,
        ) in rows
    ]
    collection: dict[str, object] = {
        "type": "FeatureCollection",
        "version": data_version(),
        "features": features,
    }
    if asked.origin is not None and (asked.near is not None or asked.radius_km):
        # The circle searched in, which the map draws.
        collection["near"] = {
            "lat": round(asked.origin.latitude, 4),
            "lon": round(asked.origin.longitude, 4),
            "km": asked.radius,
        }
    return HttpResponse(
        json.dumps(collection, ensure_ascii=False, separators=(",", ":")),
        content_type="application/geo+json; charset=utf-8",
    )
