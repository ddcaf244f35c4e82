"""The one page that other sites may put in a frame."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def framable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any site may frame the answer; the rest of the policy stays as it is."""

    @wraps(view)
    def framable_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        policy = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}
        response._csp_config = policy  # type: ignore[attr-defined]
        return response

    return framable_view
