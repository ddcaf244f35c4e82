"""E-mail alerts: asking for one, confirming it, leaving it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from directory.forms.alert import AlertForm
from directory.forms.pages import form_page
from poles.alerts import CONFIRM_DAYS, ask, asked_by, confirm, leave, left_by
from poles.models import AlertFrequency

_TITLE = "Être prévenu des changements"
_BREADCRUMB = {"links": [], "current": _TITLE}


@form_page
def alert(request: HttpRequest) -> HttpResponse:
    """The form; a link may say what to follow: ``region``, ``theme``, or ``pole`` by its slug."""
    if request.method == "POST":
        form = AlertForm(request.POST, request=request)
        if form.is_valid() and form.may_be_sent():
            frequency = AlertFrequency(form.cleaned_data["frequency"])
            ask(form.cleaned_data["email"], frequency, form.followed())
            return HttpResponseRedirect(reverse("directory:alert-asked"))
    else:
        given = {name: request.GET.get(name, "") for name in ("region", "theme", "pole")}
        form = AlertForm(initial=given, request=request)
    return _page(request, "ask", {"form": form}, form.status)


@form_page
def alert_asked(request: HttpRequest) -> HttpResponse:
    return _page(request, "asked", {})


@form_page
def alert_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs open links by themselves: only the button confirms."""
    asked = asked_by(token)
    if asked is None:
        return _page(request, "expired", {}, 410)
    done = request.method == "POST"
    if done:
        confirm(asked)
    return _page(request, "confirm", {"asked": asked, "done": done})


@csrf_exempt
@form_page
def alert_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs post here by themselves (RFC 8058), without a cookie: the link is the right."""
    number = left_by(token)
    if number is None:
        return _page(request, "not_ours", {}, 404)
    done = request.method == "POST"
    if done:
        leave(number)
    return _page(request, "leave", {"done": done})


def _page(
    request: HttpRequest, name: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    shared = {
        "title": _TITLE,
        "description": (
            "Recevoir un courriel quand des pôles d’une région, d’un thème, ou un pôle précis, "
            "changent dans le registre."
        ),
        "breadcrumb_data": _BREADCRUMB,
        "days": CONFIRM_DAYS,
    }
    return render(request, f"directory/alerts/{name}.html", shared | context, status=status)
