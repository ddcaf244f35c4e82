"""What goes with the members' section: its panel, its questions, and who is proposed in it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from members.finding import find
from networks.permissions import can_write
from workspace.access import staff_page
from workspace.members.answering import state_fact
from workspace.members.searching import ask_register, tidy, told_of, told_of_unit, units_beside
from workspace.overview import section_url
from workspace.sections.members import MembersForm
from workspace.views.rows import base_of, keep, typed_in
from workspace.views.section import pole_to_edit

SLUG = MembersForm.slug


@require_POST
@staff_page
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel of what is typed now: nothing is stored."""
    pole = pole_to_edit(request, pk)
    base = base_of(request, pole, SLUG)
    form = MembersForm(base, typed_in(request))
    context = {**form.panel(pole), "pole": pole}
    return render(request, "workspace/members/_panel_update.html", context)


@require_POST
@staff_page
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What settles the composition, answered where it is asked; what was being typed is kept."""
    user: Any = request.user
    pole = pole_to_edit(request, pk)
    if "base" in request.POST:
        keep(request, pole, SLUG, typed_in(request))
    joining = [pole] if can_write(user, pole) else []
    said = state_fact(
        user,
        request.POST.get("reponse", ""),
        source=request.POST.get("preuve", "").strip()[:500],
        joining=joining,
    )
    (messages.success if said.done else messages.error)(request, said.text)
    if request.POST.get("retour") == "fiche":
        return redirect("workspace:pole", pk)
    return redirect(section_url(pk, SLUG))


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
