"""Pages that say that something went wrong, in the site's own design, with a way on."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ptce_registry.context import site

RETRY_AFTER_SECONDS = "60"


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Rendered with constants alone: neither the database nor a session may be asked for."""
    html = render_to_string(
        f"{status}.html",
        {**site(request), "contact": settings.PUBLISHER["contact"], **context},
    )
    return HttpResponse(html, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A form that is too long is a person's work, and not a mistake of their browser."""
    too_long = isinstance(exception, TooManyFieldsSent | RequestDataTooBig)
    return _page(request, 413 if too_long else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, expired=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """What allauth shows to who tries too often."""
    return _page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that does not answer is a passing trouble, and says so."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _page(request, 503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
