"""A page of the public: the same for everyone, computed once for a version of the data."""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from core.guard import only_select
from core.version import data_version

# One more spares 1 % of a page, two more take five times as long (100 kB of list: 13 ms).
_BROTLI_QUALITY = 5
_BUDGET_BYTES = 96 * 1024 * 1024
_HEADERS = {"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding, HX-Request"}
_KEPT_ATTRIBUTES = ("_csp_config", "xframe_options_exempt")


@dataclass
class _Page:
    content: bytes
    content_type: str
    etag: str
    attributes: dict[str, object]
    encoded: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def body(self, encoding: str) -> tuple[bytes, dict[str, str]]:
        """The bytes as a browser takes them, and their headers: made once for each encoding."""
        if encoding not in self.encoded:
            headers = _HEADERS | {"ETag": self.etag, "Content-Type": self.content_type}
            if encoding:
                headers["Content-Encoding"] = encoding
            self.encoded[encoding] = (self._encode(encoding), headers)
        return self.encoded[encoding]

    def _encode(self, encoding: str) -> bytes:
        if encoding == "br":
            return brotli.compress(self.content, quality=_BROTLI_QUALITY)
        if encoding == "gzip":
            return gzip.compress(self.content, compresslevel=6, mtime=0)
        return self.content


_pages: OrderedDict[tuple, _Page] = OrderedDict()
_held_bytes = 0
_lock = threading.Lock()


_day = (0.0, date.min)


def _today() -> date:
    """The day in Paris, worked out once a day: a page that is kept answers in microseconds."""
    global _day
    if time.time() >= _day[0]:
        now = timezone.localtime()
        midnight = datetime.combine(now + timedelta(days=1), datetime.min.time(), now.tzinfo)
        _day = (midnight.timestamp(), now.date())
    return _day[1]


def _kept(key: tuple) -> _Page | None:
    page = _pages.get(key)
    if page is not None:
        with _lock:
            # The pages that nobody asks for are the first to leave.
            if key in _pages:
                _pages.move_to_end(key)
    return page


def _keep(key: tuple, page: _Page) -> None:
    global _held_bytes
    with _lock:
        if key in _pages:
            return
        _pages[key] = page
        _held_bytes += len(page.content)
        while _held_bytes > _BUDGET_BYTES:
            _, oldest = _pages.popitem(last=False)
            _held_bytes -= len(oldest.content)


def forget_pages() -> None:
    """Empty this process's pages; for tests."""
    global _held_bytes
    with _lock:
        _pages.clear()
        _held_bytes = 0


def _encoding(request: HttpRequest) -> str:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    if "br" in accepted:
        return "br"
    return "gzip" if "gzip" in accepted else ""


def _etag(key: tuple) -> str:
    digest = hashlib.blake2b(repr((settings.RELEASE, key)).encode(), digest_size=12)
    return f'W/"{digest.hexdigest()}"'


def _answer(page: _Page, request: HttpRequest) -> HttpResponse:
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304, headers=_HEADERS | {"ETag": page.etag})
    else:
        body, headers = page.body(_encoding(request))
        response = HttpResponse(body, headers=headers)
    for name, value in page.attributes.items():
        setattr(response, name, value)
    return response


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only SELECT runs; the answer is kept while nothing is published, with its ETag.

    The ETag is made of the version of the published data, the day in Paris, the address and the
    release. An answer other than 200 is not kept.
    """

    @wraps(view)
    def page_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        key = (
            data_version(),
            _today(),
            request.path,
            request.META.get("QUERY_STRING", ""),
            "HTTP_HX_REQUEST" in request.META,
        )
        page = _kept(key)
        if page is None:
            with only_select():
                response = view(request, *args, **kwargs)
            if response.status_code != 200:
                # A browser would keep for ever where an address led to, and two poles made one may
                # be two again.
                for name, value in _HEADERS.items():
                    response.headers.setdefault(name, value)
                return response
            page = _Page(
                response.content,
                response["Content-Type"],
                _etag(key),
                {
                    name: getattr(response, name)
                    for name in _KEPT_ATTRIBUTES
                    if hasattr(response, name)
                },
            )
            if not settings.DEBUG:
                _keep(key, page)
        return _answer(page, request)

    return page_view
