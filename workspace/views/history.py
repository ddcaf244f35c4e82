"""Who changed what in a record; a version looked at, and brought back whole or in part."""

from typing import Any

import pghistory
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.history import author
from members.models import Organisation
from networks.people import names_of
from networks.permissions import can_see
from poles.record import together
from poles.record.returning import aligned, changes_back, differences
from poles.record.versions import NoSuchVersion, Version
from workspace.access import require, staff_page
from workspace.queries.poles import kept_poles
from workspace.remembered import Remembered, RememberedOrganisation, RememberedPole
from workspace.saving import Outcome

_CROSSED = (
    "Quelqu’un d’autre vient de changer la même chose\u00a0: rien n’est enregistré. Voici la "
    "comparaison avec la fiche d’à présent."
)
_NOTHING = "Cochez au moins une chose à reprendre."
_LONGEST_REASON = 500


@staff_page
def pole_history(request: HttpRequest, pk: int) -> HttpResponse:
    return _history(request, _pole(request, pk))


@staff_page
def pole_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _version(request, _pole(request, pk), number)


@staff_page
def organisation_history(request: HttpRequest, pk: int) -> HttpResponse:
    return _history(request, _organisation(request, pk))


@staff_page
def organisation_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return _version(request, _organisation(request, pk), number)


def _pole(request: HttpRequest, pk: int) -> RememberedPole:
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    return RememberedPole(pole, user)


def _organisation(request: HttpRequest, pk: int) -> RememberedOrganisation:
    user: Any = request.user
    return RememberedOrganisation(get_object_or_404(Organisation, pk=pk), user)


def _history(request: HttpRequest, remembered: Remembered) -> HttpResponse:
    page = _number(request.GET.get("page", "1"))
    entries, more = remembered.entries(page)
    return render(
        request,
        "workspace/history/history.html",
        {
            "title": f"Historique – {remembered.record.name}",
            "breadcrumb_data": remembered.breadcrumb("Historique", above=False),
            "record": remembered.record,
            "version_address": remembered.version_address,
            "entries": entries,
            "later": page - 1,
            "earlier": page + 1 if more else 0,
            "merged": remembered.merged(),
        },
    )


def _version(request: HttpRequest, remembered: Remembered, number: int) -> HttpResponse:
    if request.method != "POST":
        return _page(request, remembered, number)
    seen = _number(request.POST.get("seen") or str(remembered.record.version))
    then, today = _versions(remembered, number, seen)
    back = aligned(then.values, today.values)
    chosen = request.POST.getlist("keys")
    if "whole" in request.POST:
        texts = remembered.texts(back, today.values)
        chosen = [each.key for each in differences(back, today.values, texts) if not each.lost]
    changes = changes_back(back, today.values, chosen)
    if not changes:
        return _page(request, remembered, number, chosen, _refused(_NOTHING))
    typed = request.POST.get("why", "").strip()
    why = ", ".join(filter(None, [f"retour à la version {number}", typed]))[:_LONGEST_REASON]
    with pghistory.context(why=why):
        outcome = remembered.save(request, together(changes, today.values, back), why)
    if not outcome.done:
        return _page(request, remembered, number, chosen, outcome)
    said = (
        "Votre proposition de revenir à la version {} est transmise à qui tient la fiche."
        if outcome.proposed
        else "La fiche a repris ce que vous avez choisi de la version {}."
    )
    messages.success(request, said.format(number))
    return redirect(remembered.history_address, remembered.record.pk)


def _page(
    request: HttpRequest,
    remembered: Remembered,
    number: int,
    chosen: list[str] | None = None,
    outcome: Outcome | None = None,
) -> HttpResponse:
    then, today = _versions(remembered, number, remembered.record.version)
    back = aligned(then.values, today.values)
    texts = remembered.texts(back, today.values)
    refused = outcome or Outcome()
    return render(
        request,
        "workspace/history/version.html",
        {
            "title": f"Version {number} – {remembered.record.name}",
            "breadcrumb_data": remembered.breadcrumb(f"Version {number}"),
            "record": remembered.record,
            "version": then,
            "who": author(then.context, names_of(_accounts(then))),
            "why": (then.context or {}).get("why", ""),
            "seen": today.number,
            "differences": differences(back, today.values, texts),
            "sections": remembered.sections(back, texts),
            "chosen": chosen or [],
            "typed": request.POST.get("why", ""),
            "writes": remembered.writes,
            "may": remembered.may,
            "broken": refused.broken,
            "errors": [
                *([_CROSSED] if refused.conflicts else []),
                *_told(refused.errors, lambda key: texts.label(key, {**today.values, **back}[key])),
            ],
        },
    )


def _refused(message: str) -> Outcome:
    return Outcome(errors={NON_FIELD_ERRORS: [message]})


def _told(errors: dict[str, list[str]], label: Any) -> list[str]:
    return [
        message if key == NON_FIELD_ERRORS else f"{label(key)}\u00a0: {message}"
        for key, found in errors.items()
        for message in found
    ]


def _versions(remembered: Remembered, *numbers: int) -> list[Version]:
    try:
        return remembered.versions(*numbers)
    except NoSuchVersion as error:
        raise Http404 from error


def _accounts(version: Version) -> list[int]:
    user = (version.context or {}).get("user")
    return [] if user is None else [user]


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise Http404
    return int(text)
