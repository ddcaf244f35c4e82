"""What is set right in a request before any page reads it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from ptce_registry.errors import not_found


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """The one character that PostgreSQL holds in no text: no address has it, no filter keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return not_found(request, Http404())
        query = request.META.get("QUERY_STRING", "")
        while "%00" in query:
            query = query.replace("%00", "")
        request.META["QUERY_STRING"] = query
        return get_response(request)

    return middleware
