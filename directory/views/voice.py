"""The page of a pole's own link: it reads its record, confirms it, or proposes what is right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.sendings import Limit, counted
from directory.forms.voice import VoiceForm
from poles.models import MembershipRole, Pole
from poles.record import Conflicted
from poles.voice import LINK_DAYS, WHY, confirm, heard, send_link

_CONFIRM, _RENEW = "confirmer", "renouveler"
_OFTEN = Limit(hourly=20, daily=60)
_TOO_MANY = "Ce lien a beaucoup servi aujourd’hui. Rien n’est perdu\u00a0: revenez dans une heure."
_TITLE = "La fiche de votre pôle"


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address is the key: no cache keeps it, no engine lists it, no other site nor the history
    reads it.

    Who does not know it cannot forge a form of it; and browsers that are told to send no referrer
    send no origin either, by which Django would refuse every form.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        # Before anything is written: the middleware noted the whole address.
        pghistory.context(url=reverse("directory:voice", args=["-"]), why=WHY)
        response = view(request, token)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


@_private
def voice(request: HttpRequest, token: str) -> HttpResponse:
    found = heard(token)
    if found is None:
        return _page(request, "unknown", {}, 410)
    if found.expired:
        return _expired(request, found.pole)
    pole = found.pole
    action = request.POST.get("action", "") if request.method == "POST" else ""
    if action == _CONFIRM:
        return _confirmed(request, pole, token)
    form = VoiceForm(request.POST if request.method == "POST" else None, pole=pole, request=request)
    if form.is_bound and form.is_valid() and form.may_be_sent() and form.send():
        return _thanks(token, "proposition")
    return _record(request, pole, form, form.status)


def _record(
    request: HttpRequest, pole: Pole, form: VoiceForm, status: int = 200, error: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    memberships = pole.memberships.select_related("organisation").order_by("organisation", "pk")
    return _page(
        request,
        "record",
        {
            "pole": pole,
            "form": form,
            "error": error,
            "done": request.GET.get("merci", ""),
            "members": [
                (each, MembershipRole(each.role).label)
                for each in memberships
                if each.ends_on is None or each.ends_on >= today
            ],
            "confirm": _CONFIRM,
        },
        status,
    )


def _confirmed(request: HttpRequest, pole: Pole, token: str) -> HttpResponse:
    error = ""
    if not counted("voice", str(pole.pk), _OFTEN):
        error = _TOO_MANY
    else:
        try:
            confirm(pole)
        except Conflicted:
            # Someone confirmed it at the same moment: it is confirmed.
            pass
        except ValidationError as refused:
            error = " ".join(refused.messages)
    if not error:
        return _thanks(token, "confirmation")
    form = VoiceForm(None, pole=pole, request=request)
    return _record(request, pole, form, 429 if error == _TOO_MANY else 200, error)


def _thanks(token: str, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('directory:voice', args=[token])}?merci={what}")


def _expired(request: HttpRequest, pole: Pole) -> HttpResponse:
    """A new link goes to the contact alone, whoever asks."""
    sent, error = False, ""
    if request.method == "POST" and request.POST.get("action") == _RENEW:
        try:
            send_link(pole)
            sent = True
        except ValidationError as refused:
            error = " ".join(refused.messages)
    context = {"pole": pole, "sent": sent, "error": error, "renew": _RENEW}
    return _page(request, "expired", context, 200 if sent else 410)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {
        "title": _TITLE,
        "description": "Confirmer ou corriger la fiche de votre pôle dans le registre des PTCE.",
        "breadcrumb_data": {"links": [], "current": _TITLE},
        "days": LINK_DAYS,
    }
    return render(request, f"directory/voice/{name}.html", shared | context, status=status)
