"""The client of the State's geocoder (Géoplateforme): where an address is, and what is at a point.

It never raises on a failure of the service: an `Answer` says what is not to be had, in French.
Answers are kept for a day. https://data.geopf.fr/geocodage, limit: 50 requests a second.
"""

import hashlib
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

from core.outside import Reply, ask

# Under this score a person must say that it is the right place.
SURE = 0.8
_FEWEST_LETTERS, _MOST_LETTERS = 3, 200
_SILENT_UNTIL = "geocoder-silent-until"
_DOWN = "Le service de géocodage ne répond pas\u00a0: placez le point à la main."
_BUSY = "Le service de géocodage est très demandé\u00a0: réessayez plus tard, ou placez le point."
_UNREADABLE = "La réponse du service de géocodage est illisible\u00a0: placez le point à la main."
_SHORT = "Il faut au moins trois lettres pour chercher une adresse."


@dataclass(frozen=True)
class Place:
    """Where an address is, and how sure the geocoder is of it (``score``, 0 to 1)."""

    label: str
    score: float
    kind: str
    latitude: Decimal
    longitude: Decimal
    citycode: str = ""

    @property
    def sure(self) -> bool:
        return self.score >= SURE


@dataclass(frozen=True)
class Answer:
    """The places found, the likeliest first; or ``unavailable``, why nothing can be said."""

    places: tuple[Place, ...] = ()
    unavailable: str = ""
    retry_after: float = 0


def search(words: str, most: int = 5) -> Answer:
    """The places of an address, or of a part of one."""
    q = " ".join(words.split())[:_MOST_LETTERS]
    if len(q) < _FEWEST_LETTERS:
        return Answer(unavailable=_SHORT)
    return _ask("search", {"q": q, "limit": most})


def reverse(latitude: Decimal, longitude: Decimal) -> Answer:
    """The address at a point."""
    return _ask("reverse", {"lat": str(latitude), "lon": str(longitude), "limit": 1})


def _ask(path: str, query: Mapping[str, Any]) -> Answer:
    asked = json.dumps([path, query], sort_keys=True)
    key = "geocoder-" + hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
    kept: Answer | None = cache.get(key)
    if kept is not None:
        return kept
    if (left := cache.get(_SILENT_UNTIL, 0) - time.time()) > 0:
        # A page does not wait, and does not ask before the time that the service named.
        return Answer(unavailable=_BUSY, retry_after=left)
    answer = _fetch(path, query)
    if not answer.unavailable:
        cache.set(key, answer, settings.GEOCODER_CACHE_SECONDS)
    if answer.retry_after:
        cache.set(_SILENT_UNTIL, time.time() + answer.retry_after, answer.retry_after)
    return answer


def _fetch(path: str, query: Mapping[str, Any]) -> Answer:
    try:
        reply = ask(f"{settings.GEOCODER_URL}/{path}", query, settings.GEOCODER_TIMEOUT_SECONDS)
    except httpx.HTTPError:
        return Answer(unavailable=_DOWN)
    if reply.status == 429:
        return Answer(unavailable=_BUSY, retry_after=reply.retry_after or 1)
    if reply.status != 200:
        return Answer(unavailable=_DOWN, retry_after=reply.retry_after)
    return _read(reply)


def _read(reply: Reply) -> Answer:
    try:
        found = [_place(each) for each in json.loads(reply.content)["features"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ArithmeticError):
        return Answer(unavailable=_UNREADABLE)
    return Answer(tuple(place for place in found if place.label))


def _place(feature: Mapping[str, Any]) -> Place:
    """Raises one of the errors of `_read` for what is no place."""
    properties = feature["properties"]
    longitude, latitude = (_degrees(each) for each in feature["geometry"]["coordinates"][:2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError("no point of the Earth")
    score = float(properties["score"])
    if not 0 <= score <= 1:
        raise ValueError("no score")
    code = properties.get("citycode")
    return Place(
        label=str(properties["label"]).replace("\x00", "")[:300],
        score=score,
        kind=str(properties.get("type") or ""),
        latitude=latitude,
        longitude=longitude,
        citycode=code if isinstance(code, str) and len(code) == 5 else "",
    )


def _degrees(value: float) -> Decimal:
    if isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("no degrees")
    return round(Decimal(str(value)), 5)
