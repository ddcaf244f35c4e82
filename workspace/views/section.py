"""A section of a record: shown as a form, and saved on its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from networks.permissions import can_propose, can_see, can_write
from poles.drafts import draft_of, drop_draft, keep_draft
from poles.models import Draft, Pole
from poles.record import SECTIONS, Change, Texts, between, current_values, together
from poles.record.fields import Json
from workspace import conflicts
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
_DROPPED = "Le brouillon est effacé\u00a0: voici la fiche telle qu’elle est enregistrée."


def pole_to_edit(request: HttpRequest, pk: int) -> Pole:
    """The pole, for a person who may write it or propose; raises `Refused`, 404 for none."""
    user: Any = request.user
    pole = get_object_or_404(kept_poles(), pk=pk)
    require(can_see(user, pole))
    if not can_write(user, pole):
        require(can_propose(user, pole))
    return pole


@staff_page
def section(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    if slug not in FORMS:
        raise Http404
    pole = pole_to_edit(request, pk)
    if request.method == "POST":
        return _save(request, pole, slug)
    user: Any = request.user
    saved = values_of(pole, slug)
    draft = draft_of(user, pole, slug)
    form = FORMS[slug].resumed(draft.base, draft.data, saved) if draft else FORMS[slug](saved)
    if draft and not form.mine:
        # Saved since, by this person or another: nothing is left of it.
        draft.delete()
        draft = None
    return _page(request, pole, form, draft=draft, saved=saved)


def values_of(pole: Pole, slug: str) -> dict[str, Json]:
    """What is saved of a section, by key."""
    rows = SECTIONS[slug].rows
    return current_values(pole, SECTIONS[slug].fields, [rows] if rows else [])


def _save(request: HttpRequest, pole: Pole, slug: str) -> HttpResponse:
    user: Any = request.user
    if "abandonner" in request.POST:
        drop_draft(user, pole, slug)
        messages.info(request, _DROPPED)
        return redirect(section_url(pole.pk, slug))
    typed = as_typed(request.POST)
    read = read_back(request.POST.get("base", ""), pole.pk, slug)
    base = read or {}
    if FORMS[slug].asks(request.POST):
        keep_draft(user, pole, slug, typed, base)
        asking = FORMS[slug].resumed(base, typed, values_of(pole, slug))
        asking.look_up()
        return _page(request, pole, asking)
    # A section of which nothing was saved is not one whose origin is lost.
    form = FORMS[slug](values_of(pole, slug) if read is None else base, typed)
    outcome = Outcome()
    if form.is_valid():
        after = form.after()
        changes = conflicts.chosen(together(between(base, after), base, after), request.POST)
        undecided = conflicts.undecided(request.POST)
        if not undecided:
            outcome = save(request, pole, changes)
        if outcome.done:
            drop_draft(user, pole, slug)
            return _leave(request, pole, slug, outcome)
        keep_draft(user, pole, slug, typed, base)
        if undecided or outcome.conflicts:
            keys = undecided or conflicts.crossed_keys(outcome.conflicts)
            return _conflict_page(request, pole, form, base, changes, keys)
        form.refuse(outcome.errors)
    else:
        keep_draft(user, pole, slug, typed, base)
    return _page(request, pole, form, outcome)


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
    outcome: Outcome | None = None,
    draft: Draft | None = None,
    saved: Mapping[str, Json] | None = None,
) -> HttpResponse:
    following = _after(form.slug)
    return render(
        request,
        form.template,
        {
            **form.context(request, pole),
            **_context(request, pole, form),
            "base": carried(form.values, pole.pk, form.slug),
            "draft": draft,
            "draft_url": reverse("workspace:draft", args=[pole.pk, form.slug]),
            "moved": _moved(form, saved or {}),
            "broken": outcome.broken if outcome else [],
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


def _context(request: HttpRequest, pole: Pole, form: SectionForm) -> dict[str, Any]:
    user: Any = request.user
    page = reverse("workspace:pole", args=[pole.pk])
    return {
        "title": f"{form.section.title} – {pole.name}",
        "breadcrumb_data": breadcrumb(form.section.title, (page, pole.name)),
        "pole": pole,
        "form": form,
        "why": request.POST.get("why", ""),
        "writes": can_write(user, pole),
    }


def _moved(form: SectionForm, saved: Mapping[str, Json]) -> list[tuple[str, str]]:
    """What others have changed since of what a draft holds: the field, and its value now."""
    if not form.crossed:
        return []
    now = {key: saved.get(key) for key in form.crossed}
    texts = Texts([now])
    return [
        (texts.label(key, value or form.values[key]), texts.text(key, value))
        for key, value in now.items()
    ]


def _conflict_page(
    request: HttpRequest,
    pole: Pole,
    form: SectionForm,
    base: Mapping[str, Json],
    changes: Sequence[Change],
    keys: Sequence[str],
) -> HttpResponse:
    slug, sent = form.slug, request.POST
    now = values_of(Pole.objects.get(pk=pole.pk), slug)
    asked = conflicts.crossings(pole, changes, keys, now, sent)
    seen = {**base, **{key: now.get(key) for key in keys}}
    return render(
        request,
        "workspace/pole/conflict.html",
        {
            **_context(request, pole, form),
            "base": carried(seen, pole.pk, slug),
            "crossings": asked,
            "undecided": bool(conflicts.undecided(sent)),
            "typed": as_typed(sent),
            "decided": {
                name: sent[name]
                for name in sent
                if name.startswith(conflicts.CHOICE) and name not in {each.name for each in asked}
            },
        },
        status=409,
    )
