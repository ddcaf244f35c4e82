"""A new pole: its name and its place, the doubles that it may have, then its record."""

from typing import Any

import pghistory
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.text import normalise
from networks.models import User
from networks.permissions import can_create, can_see
from poles.creating import create_pole
from poles.drafts import draft_of, drop_draft, keep_draft
from poles.finding import Likely, likely_poles
from poles.models import Draft, RecordState
from territories.models import Territory
from workspace.access import require, staff_page
from workspace.breadcrumb import breadcrumb
from workspace.overview import section_url
from workspace.saving import messages_of
from workspace.sections.base import as_typed
from workspace.sections.new import SLUG, NewPoleForm
from workspace.views.drafts import kept_answer, too_long

_STATES = {
    RecordState.DRAFT: "en brouillon",
    RecordState.SUBMITTED: "soumise",
    RecordState.PUBLISHED: "publiée",
}
# Sent with « non, c’est un autre »: the name for which the doubles were shown.
_ANOTHER = "autre"


@staff_page
def new_pole(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if request.method != "POST":
        draft = draft_of(user, None, SLUG)
        form = NewPoleForm(user)
        if draft:
            form.resume(draft.data)
        return _page(request, form, draft=draft)
    if "abandonner" in request.POST:
        drop_draft(user, None, SLUG)
        return redirect("workspace:new-pole")
    typed = _typed(request)
    form = NewPoleForm(user, typed)
    if form.is_valid():
        network = form.cleaned_data["network"]
        require(can_create(user, network.pk if network else None))
        doubles = _doubles(form)
        if not doubles or request.POST.get(_ANOTHER) == normalise(form.cleaned_data["name"]):
            try:
                return _make(request, form)
            except ValidationError as error:
                for name, told in messages_of(error).items():
                    form.add_error(name if name in form.fields else None, told)
        elif not form.errors:
            keep_draft(user, None, SLUG, typed, {})
            return _page(request, form, doubles=doubles)
    keep_draft(user, None, SLUG, typed, {})
    return _page(request, form)


@require_POST
@staff_page
def draft(request: HttpRequest) -> HttpResponse:
    """As `workspace.views.drafts.draft`, of a record that does not exist yet."""
    user: Any = request.user
    typed = _typed(request)
    if "rien" in request.POST:
        drop_draft(user, None, SLUG)
        return JsonResponse({"said": ""})
    return too_long(typed) or kept_answer(keep_draft(user, None, SLUG, typed, {}))


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    typed = as_typed(request.POST)
    typed.pop(_ANOTHER, None)
    return typed


def _seat(form: NewPoleForm) -> Territory | None:
    return Territory.objects.filter(pk=form.cleaned_data["seat"]).first()


def _doubles(form: NewPoleForm) -> list[Likely]:
    said = form.cleaned_data
    return likely_poles(said["name"], _seat(form), acronym=said["acronym"], website=said["website"])


def _make(request: HttpRequest, form: NewPoleForm) -> HttpResponse:
    user: Any = request.user
    said = form.cleaned_data
    with pghistory.context(why="Nouvelle fiche"):
        pole = create_pole(
            said["name"],
            seat=_seat(form),
            network=said["network"],
            acronym=said["acronym"],
            website=said["website"],
        )
    drop_draft(user, None, SLUG)
    messages.success(
        request,
        f"La fiche de «\u00a0{pole.name}\u00a0» est commencée. C’est un brouillon\u00a0: "
        "complétez-la section par section, puis publiez-la ou soumettez-la.",
    )
    return redirect(section_url(pole.pk, "identite"))


def _page(
    request: HttpRequest,
    form: NewPoleForm,
    doubles: list[Likely] | None = None,
    draft: Draft | None = None,
) -> HttpResponse:
    user: Any = request.user
    return render(
        request,
        "workspace/pole/new.html",
        {
            "title": "Nouveau pôle",
            "breadcrumb_data": breadcrumb("Nouveau pôle"),
            "form": form,
            "doubles": [_shown(user, each) for each in doubles or []],
            "name": normalise(form.cleaned_data["name"]) if doubles else "",
            "draft": draft,
            "moved": [],
            "draft_url": reverse("workspace:new-pole-draft"),
        },
    )


def _shown(user: User, likely: Likely) -> dict[str, Any]:
    pole = likely.pole
    seen = bool(can_see(user, pole))
    return {
        "pole": pole,
        "state": _STATES.get(RecordState(pole.record_state), ""),
        "why": ", ".join(likely.why),
        # Of a draft that others keep, what it is called and whose it is are enough to ask them.
        "url": reverse("workspace:pole", args=[pole.pk]) if seen else "",
    }
