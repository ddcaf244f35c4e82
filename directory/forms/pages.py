"""What the pages of forms have in common."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.cache import cache_control

_METHODS = ("GET", "HEAD", "POST")


def form_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is one person's: no cache shares it, and "back" finds again what was typed."""

    @cache_control(private=True, no_cache=True)
    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in _METHODS:
            return HttpResponseNotAllowed(_METHODS)
        return view(request, *args, **kwargs)

    return page
