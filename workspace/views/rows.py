"""The buttons of a section that change what is typed: kept as a draft, and shown again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from poles.drafts import keep_draft
from poles.models import Pole
from poles.record.fields import Json
from workspace.access import staff_page
from workspace.base_values import read_back
from workspace.overview import section_url
from workspace.sections import FORMS
from workspace.sections.acting import ACTION
from workspace.sections.base import as_typed
from workspace.sections.rows import RowsForm
from workspace.views.section import pole_to_edit, values_of

# Sent by the page itself, and no field of its form.
_OF_THE_PAGE = frozenset({ACTION, "reponse", "preuve", "retour"})


@require_POST
@staff_page
def change(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    pole = pole_to_edit(request, pk)
    form = FORMS.get(slug)
    rows = form if form is not None and issubclass(form, RowsForm) else None
    acted = rows.act(typed_in(request), request.POST.get(ACTION, "")) if rows else None
    if acted is None:
        raise Http404
    keep(request, pole, slug, acted.typed)
    if acted.told:
        messages.info(request, acted.told)
    asked = f"?{urlencode(acted.ask)}" if acted.ask else ""
    where = f"#ligne-{acted.focus}" if acted.focus else "#ajouter"
    return redirect(f"{section_url(pk, slug)}{asked}{where}")


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    typed = as_typed(request.POST)
    return {name: values for name, values in typed.items() if name not in _OF_THE_PAGE}


def base_of(request: HttpRequest, pole: Pole, slug: str) -> dict[str, Json]:
    """The values that the page was filled from, else those that are saved."""
    read = read_back(request.POST.get("base", ""), pole.pk, slug)
    return values_of(pole, slug) if read is None else read


def keep(request: HttpRequest, pole: Pole, slug: str, typed: dict[str, list[str]]) -> None:
    user: Any = request.user
    keep_draft(user, pole, slug, typed, base_of(request, pole, slug))
