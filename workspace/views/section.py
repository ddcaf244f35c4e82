"""A section of a record: shown as a form, and saved on its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from networks.permissions import can_propose, can_see, can_write
from poles.models import Pole
from poles.record import SECTIONS, between, current_values, together
from workspace.access import require, staff_page
from workspace.base_values import carried, read_back
from workspace.breadcrumb import breadcrumb
from workspace.overview import section_url
from workspace.queries.poles import kept_poles
from workspace.saving import Outcome, save
from workspace.sections import FORMS, SectionForm
from workspace.sections.base import as_typed

_SAVED = "La section «\u00a0{}\u00a0» est enregistrée."
_PROPOSED = "Votre proposition pour la section «\u00a0{}\u00a0» est transmise à qui tient la fiche."
_CROSSED = (
    "Quelqu’un d’autre a changé la même chose pendant votre saisie. Rien n’est perdu\u00a0: "
    "relisez, puis enregistrez de nouveau."
)


@staff_page
def section(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    user: Any = request.user
    if slug not in FORMS:
        raise Http404
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    if not can_write(user, pole):
        require(can_propose(user, pole))
    saved = current_values(pole, SECTIONS[slug].fields, ())
    if request.method != "POST":
        return _page(request, pole, FORMS[slug](saved), carried(saved, pk, slug))
    base = read_back(request.POST.get("base", ""), pk, slug) or {}
    form = FORMS[slug](base or saved, as_typed(request.POST))
    outcome = Outcome()
    if form.is_valid():
        after = form.after()
        outcome = save(request, pole, together(between(base, after), base, after))
        if outcome.done:
            return _leave(request, pole, slug, outcome)
        form.refuse(outcome.errors)
        if outcome.conflicts:
            form.refuse({NON_FIELD_ERRORS: [_CROSSED]})
    return _page(request, pole, form, carried(base, pk, slug), outcome)


def _leave(request: HttpRequest, pole: Pole, slug: str, outcome: Outcome) -> HttpResponse:
    said = _PROPOSED if outcome.proposed else _SAVED
    messages.success(request, said.format(SECTIONS[slug].title))
    following = _after(slug) if "suite" in request.POST else None
    if following:
        return redirect(section_url(pole.pk, following))
    return redirect("workspace:pole", pole.pk)


def _after(slug: str) -> str | None:
    slugs = list(SECTIONS)
    return next(iter(slugs[slugs.index(slug) + 1 :]), None)


def _page(
    request: HttpRequest,
    pole: Pole,
    form: SectionForm,
    base: str,
    outcome: Outcome | None = None,
) -> HttpResponse:
    user: Any = request.user
    following = _after(form.slug)
    return render(
        request,
        "workspace/pole/section.html",
        {
            "title": f"{form.section.title} – {pole.name}",
            "breadcrumb_data": breadcrumb(
                form.section.title, (reverse("workspace:pole", args=[pole.pk]), pole.name)
            ),
            "pole": pole,
            "form": form,
            "base": base,
            "why": request.POST.get("why", ""),
            "broken": outcome.broken if outcome else [],
            "writes": can_write(user, pole),
            "sections": [
                {
                    "title": each.title,
                    "url": section_url(pole.pk, each.slug),
                    "current": each.slug == form.slug,
                }
                for each in SECTIONS.values()
            ],
            "following": SECTIONS[following].title if following else "",
        },
    )
