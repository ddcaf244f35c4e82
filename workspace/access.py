"""What every page of the workspace has in common: who may open it, and that it is never kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from core.allowed import Allowed
from networks.permissions import can_use_workspace

_LONGEST_REASON = 500


class Refused(Exception):  # noqa: N818
    """The person may not do this; the page says why."""

    def __init__(self, allowed: Allowed) -> None:
        super().__init__(allowed.reason)


def require(allowed: Allowed) -> None:
    """Raises `Refused` with the reason of a predicate that answers no."""
    if not allowed:
        raise Refused(allowed)


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for the staff of networks and the ministry; a refusal is a page with its reason."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        try:
            require(can_use_workspace(user))
            with _reason(request):
                return view(request, *args, **kwargs)
        except Refused as refused:
            context = {"title": "Accès refusé", "reason": str(refused)}
            return render(request, "workspace/refused.html", context, status=403)

    return page


def _reason(request: HttpRequest) -> AbstractContextManager:
    """Why a change was made, as the person wrote it, goes into the history."""
    why = request.POST.get("why", "").strip() if request.method == "POST" else ""
    return pghistory.context(why=why[:_LONGEST_REASON]) if why else nullcontext()
