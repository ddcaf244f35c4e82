"""The buttons and the panel of the members' section; saving it is every section's own way."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from members.finding import find
from networks.permissions import can_write
from poles.drafts import keep_draft
from poles.models import Pole
from workspace.access import staff_page
from workspace.base_values import read_back
from workspace.members.acting import ACTION, act
from workspace.members.answering import state_fact
from workspace.members.searching import ask_register, tidy, told_of, told_of_unit, units_beside
from workspace.overview import section_url
from workspace.sections.base import as_typed
from workspace.sections.members import MembersForm
from workspace.views.section import pole_to_edit, values_of

SLUG = MembersForm.slug


@require_POST
@staff_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A button that changes what is being typed: kept as a draft, and shown again."""
    pole = pole_to_edit(request, pk)
    acted = act(_typed(request), request.POST.get(ACTION, ""))
    if acted is None:
        raise Http404
    _keep(request, pole, acted.typed)
    if acted.told:
        messages.info(request, acted.told)
    if acted.ask:
        return redirect(f"{section_url(pk, SLUG)}?{urlencode(acted.ask)}#ajouter")
    where = f"#membre-{acted.focus}" if acted.focus else "#ajouter"
    return redirect(f"{section_url(pk, SLUG)}{where}")


@require_POST
@staff_page
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of what is typed now: nothing is stored."""
    pole = pole_to_edit(request, pk)
    base = _base(request, pole.pk) or values_of(pole, SLUG)
    form = MembersForm(base, _typed(request))
    context = {**form.panel(pole), "pole": pole, "typing": True}
    return render(request, "workspace/members/_panel_update.html", context)


@require_POST
@staff_page
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What settles the composition, answered where it is asked; what was being typed is kept."""
    user: Any = request.user
    pole = pole_to_edit(request, pk)
    if "base" in request.POST:
        _keep(request, pole, _typed(request))
    joining = [pole] if can_write(user, pole) else []
    said = state_fact(
        user,
        request.POST.get("reponse", ""),
        source=request.POST.get("preuve", "").strip()[:500],
        joining=joining,
    )
    (messages.success if said.done else messages.error)(request, said.text)
    back = "record" if request.POST.get("retour") == "fiche" else SLUG
    return redirect("workspace:pole", pk) if back == "record" else redirect(section_url(pk, SLUG))


@require_GET
@staff_page
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """JSON: ``{"suggestions": [{"label", "detail", "action"}]}``, of the registry; with
    ``annuaire``, of the State's register, and last the one that is made as it is typed."""
    pole_to_edit(request, pk)
    words = tidy(request.GET.get("q", ""))
    if len(words) < 2:
        return JsonResponse({"suggestions": []})
    if "annuaire" not in request.GET:
        found = [(each.name, told_of(each), f"ajouter:{each.pk}") for each in find(words)]
    else:
        answer = ask_register(words)
        found = [(u.name, told_of_unit(u), f"unite:{u.siren}") for u in units_beside(answer)]
        found.append((f"Créer «\u00a0{words}\u00a0»", "aucune de celles-ci", "creer"))
    return JsonResponse(
        {
            "suggestions": [
                {"label": label, "detail": detail, "action": action, "url": section_url(pk, SLUG)}
                for label, detail, action in found
            ]
        }
    )


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    typed = as_typed(request.POST)
    return {name: values for name, values in typed.items() if name not in _OF_THE_PAGE}


_OF_THE_PAGE = frozenset({ACTION, "reponse", "preuve", "retour"})


def _base(request: HttpRequest, pole: int) -> dict[str, Any]:
    return read_back(request.POST.get("base", ""), pole, SLUG) or {}


def _keep(request: HttpRequest, pole: Pole, typed: dict[str, list[str]]) -> None:
    user: Any = request.user
    base = _base(request, pole.pk) or values_of(pole, SLUG)
    keep_draft(user, pole, SLUG, typed, base)
