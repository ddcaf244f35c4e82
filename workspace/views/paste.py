"""A list of members that is pasted: what each line would change is shown, then all is written."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from members.models import Organisation
from networks.permissions import can_write
from poles.models import Pole
from poles.planned import organisations_in
from poles.record import current_values
from poles.record.fields import Json
from workspace.access import staff_page
from workspace.breadcrumb import breadcrumb
from workspace.members.panel import panel_context
from workspace.members.pasted import MOST_ROWS, Pasted, read_pasted
from workspace.members.planning import Plan, plan
from workspace.overview import section_url
from workspace.saving import Outcome, save
from workspace.views.section import pole_to_edit

_LONGEST = 200_000
_CHOICE = "choix-"
_WRITTEN = "La liste est enregistrée\u00a0: {}."
_PROPOSED = "La liste est proposée à qui tient la fiche\u00a0: {}."
_MOVED = (
    "Depuis l’aperçu, le registre a changé\u00a0: voici ce que la liste ferait maintenant. Rien "
    "n’est encore enregistré."
)
_UNDECIDED = "Choisissez d’abord, pour les lignes marquées «\u00a0à choisir\u00a0»."
_NOTHING = "Aucune de ces lignes ne change la liste des membres."


@staff_page
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    pole = pole_to_edit(request, pk)
    text = request.POST.get("liste", "").replace("\x00", "")[:_LONGEST]
    if request.method != "POST" or "corriger" in request.POST or not text.strip():
        return _page(request, pole, text)
    saved = current_values(pole, (), ("members",))
    pasted = read_pasted(text)
    planned = plan(pole, saved, pasted, _choices(request))
    if "ecrire" not in request.POST:
        return _preview(request, pole, text, pasted, planned, saved)
    told = ""
    if _shown(planned) != request.POST.get("vu"):
        told = _MOVED
    elif planned.undecided:
        told = _UNDECIDED
    elif not planned.changes:
        told = _NOTHING
    if told:
        return _preview(request, pole, text, pasted, planned, saved, told)
    outcome = save(request, pole, planned.changes)
    if not outcome.done:
        return _preview(request, pole, text, pasted, planned, saved, _refused(outcome), outcome)
    said = _PROPOSED if outcome.proposed else _WRITTEN
    done = ", ".join(f"{status.lower()}\u00a0: {n}" for status, n in planned.counts)
    messages.success(request, said.format(done))
    return redirect(section_url(pole.pk, "membres"))


def _choices(request: HttpRequest) -> dict[int, str]:
    return {
        int(line): str(value)
        for name, value in request.POST.items()
        if name.startswith(_CHOICE)
        and (line := name.removeprefix(_CHOICE)).isascii()
        and line.isdigit()
        and len(line) < 9
    }


def _shown(planned: Plan) -> str:
    """What the preview showed, in a word: what is written is that and nothing else."""
    told = [
        [each.row.line, each.status, each.name, each.change and each.change.as_json()]
        for each in planned.members
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _refused(outcome: Outcome) -> str:
    if outcome.conflicts:
        return _MOVED
    return " ".join(message for each in outcome.errors.values() for message in each)


def _preview(
    request: HttpRequest,
    pole: Pole,
    text: str,
    pasted: Pasted,
    planned: Plan,
    saved: dict[str, Json],
    told: str = "",
    outcome: Outcome | None = None,
) -> HttpResponse:
    rows = planned.rows(saved)
    organisations = Organisation.objects.in_bulk(organisations_in(rows))
    preview = {
        "pasted": pasted,
        "plan": planned,
        "seen": _shown(planned),
        "told": told,
        "broken": outcome.broken if outcome else [],
        **panel_context(pole, rows, organisations),
        "asked": [],
    }
    return _page(request, pole, text, preview)


def _page(
    request: HttpRequest, pole: Pole, text: str, preview: dict[str, Any] | None = None
) -> HttpResponse:
    user: Any = request.user
    return render(
        request,
        "workspace/members/paste.html",
        {
            "title": f"Coller une liste de membres – {pole.name}",
            "breadcrumb_data": breadcrumb(
                "Coller une liste",
                (reverse("workspace:pole", args=[pole.pk]), pole.name),
                (section_url(pole.pk, "membres"), "Membres"),
            ),
            "pole": pole,
            "text": text,
            "empty": request.method == "POST" and not text.strip(),
            "most": MOST_ROWS,
            "why": request.POST.get("why", ""),
            "writes": can_write(user, pole),
            "preview": preview,
        },
    )
