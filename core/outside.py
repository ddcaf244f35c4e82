"""Asking a service outside, within one time limit in all; the register's and the geocoder's way."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpx
from django.conf import settings

_MOST_BYTES = 2_000_000
_LONGEST_SILENCE = 3600


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def retry_after(self) -> float:
        """What Retry-After says, in seconds or as a date; 0 if it says nothing readable."""
        return _seconds(self.headers.get("Retry-After", ""))


def ask(
    url: str,
    query: Mapping[str, Any],
    limit: float,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """The reply within ``limit`` seconds as a whole, finding the address included.

    ``form``: posted, where there is one.

    Raises httpx.HTTPError. The limits of httpx are on each reading: a service that sends a byte a
    second meets them all.
    """
    given: SimpleQueue[Reply | Exception] = SimpleQueue()

    def read() -> None:
        try:
            given.put(_read(url, query, limit, form, headers or {}))
        except Exception as error:
            given.put(error)

    # A daemon: one that is still reading does not keep the process from ending.
    Thread(target=read, daemon=True).start()
    try:
        found = given.get(timeout=limit)
    except Empty:
        raise httpx.ReadTimeout("too long") from None
    if isinstance(found, Exception):
        raise found
    return found


def _read(
    url: str,
    query: Mapping[str, Any],
    limit: float,
    form: Mapping[str, str] | None,
    headers: Mapping[str, str],
) -> Reply:
    deadline = time.monotonic() + limit
    sent = {"User-Agent": f"registre-ptce ({settings.SITE_URL})", **headers}
    method = "GET" if form is None else "POST"
    content = bytearray()
    with httpx.stream(
        method, url, params=dict(query), data=form, headers=sent, timeout=limit
    ) as response:
        for chunk in response.iter_bytes():
            content += chunk
            if time.monotonic() > deadline or len(content) > _MOST_BYTES:
                raise httpx.ReadTimeout("too long")
        return Reply(response.status_code, response.headers, bytes(content))


def _seconds(text: str) -> float:
    if re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII):
        return min(int(text), _LONGEST_SILENCE)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0), _LONGEST_SILENCE)
