"""An organisation: what names it and what it is, which touches every pole that it is in."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from members.kinds import FACT_LABELS, OrganisationKind
from members.models import FactEvidence, Organisation
from members.register import look_up, propose
from poles.keeping import can_write_organisation, poles_of
from poles.merging.successors import successors
from poles.record import ORGANISATION_FIELDS, Texts, between, organisation_values
from poles.record.fields import Json
from workspace.access import staff_page
from workspace.base_values import carried, read_back
from workspace.breadcrumb import breadcrumb
from workspace.members.organisation_form import NAMES, OrganisationForm, label_of
from workspace.overview import section_url
from workspace.saving import CONSENT, Outcome, save_organisation
from workspace.sections.base import as_typed

_SAVED = "«\u00a0{}\u00a0» est enregistrée."
_PROPOSED = "Votre proposition sur «\u00a0{}\u00a0» est transmise à ceux qui la tiennent."
_CROSSED = (
    "Quelqu’un d’autre a changé la même chose\u00a0: {} est maintenant «\u00a0{}\u00a0». "
    "Enregistrez de nouveau pour garder votre saisie."
)
_WORDS = {True: "oui", False: "non", None: "inconnu"}


@staff_page
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    found = Organisation.objects.select_related("seat").filter(pk=pk).first()
    if found is None:
        # It was merged into another, which answers for it.
        standing = successors([pk])
        if not standing:
            raise Http404
        return redirect("workspace:organisation", standing[pk])
    saved = organisation_values(found, NAMES)
    if request.method != "POST":
        return _page(request, found, OrganisationForm(saved), saved)
    base = read_back(request.POST.get("base", ""), None, _section(found)) or {}
    form = OrganisationForm(base or saved, as_typed(request.POST))
    outcome = Outcome()
    if form.is_valid():
        after = form.after()
        outcome = _save(request, found, base, after, form.cleaned_data["preuve"])
        if outcome.done:
            said = _PROPOSED if outcome.proposed else _SAVED
            messages.success(request, said.format(form.cleaned_data["name"]))
            return redirect(_back(request, found))
        form.refuse(outcome.errors)
    shown = _after_crossing(form, base, saved, outcome)
    return _page(request, found, form, shown, outcome)


def _section(found: Organisation) -> str:
    return f"organisation-{found.pk}"


def _save(
    request: HttpRequest,
    found: Organisation,
    base: Mapping[str, Json],
    after: Mapping[str, Json],
    source: str,
) -> Outcome:
    user: Any = request.user
    return save_organisation(
        user,
        found,
        between(base, after),
        source=source,
        reason=request.POST.get("why", "").strip(),
        regularising=CONSENT in request.POST,
    )


def _after_crossing(
    form: OrganisationForm, base: dict[str, Json], saved: dict[str, Json], outcome: Outcome
) -> dict[str, Json]:
    """The values over which the next save writes: what others changed was seen by then."""
    if not outcome.conflicts:
        return base
    keys = [each.change.key for each in outcome.conflicts]
    texts = Texts([{key: saved[key]} for key in keys], ORGANISATION_FIELDS)
    told = [_CROSSED.format(label_of(key), texts.text(key, saved[key])) for key in keys]
    form.refuse({NON_FIELD_ERRORS: told})
    return {**base, **{key: saved[key] for key in keys}}


def _back(request: HttpRequest, found: Organisation) -> str:
    """The members of the pole from which one came, or the organisation's own page."""
    pole = request.GET.get("retour", "")
    if pole.isascii() and pole.isdigit() and len(pole) < 18:
        return section_url(int(pole), "membres")
    return reverse("workspace:organisation", args=[found.pk])


def _page(
    request: HttpRequest,
    found: Organisation,
    form: OrganisationForm,
    base: Mapping[str, Json],
    outcome: Outcome | None = None,
) -> HttpResponse:
    user: Any = request.user
    poles = poles_of(found)
    return render(
        request,
        "workspace/members/organisation.html",
        {
            "title": found.name,
            "breadcrumb_data": breadcrumb(found.name),
            "organisation": found,
            "form": form,
            "base": carried(base, None, _section(found)),
            "why": request.POST.get("why", ""),
            "broken": outcome.broken if outcome else [],
            "writes": can_write_organisation(user, found, poles=poles),
            "poles": poles,
            "evidence": _evidence(found),
            "register": _register(found) if "annuaire" in request.GET else None,
            "back": _back(request, found),
        },
    )


def _evidence(found: Organisation) -> list[dict[str, Any]]:
    """Where its kind and its facts come from, the latest first."""
    rows = (
        FactEvidence.objects.filter(organisation=found)
        .select_related("stated_by")
        .order_by("-pk")[:30]
    )
    labels = dict(OrganisationKind.choices)
    return [
        {
            "what": FACT_LABELS.get(each.aspect, "nature"),
            "value": labels.get(each.value, each.value),
            "origin": each.get_origin_display(),
            "by": str(each.stated_by) if each.stated_by else "",
            "on": each.stated_on,
            "source": each.source,
        }
        for each in rows
    ]


def _register(found: Organisation) -> dict[str, Any]:
    """What the State's register says of it, beside what is known."""
    if not found.siren:
        return {"unavailable": "Donnez d’abord son SIREN.", "claims": []}
    answer = look_up(found.siren)
    if not answer.units:
        return {"unavailable": answer.unavailable or "Aucune organisation ne porte ce numéro."}
    unit = answer.units[0]
    return {
        "unavailable": "",
        "name": unit.name,
        "page": unit.page,
        "claims": [
            {
                "what": FACT_LABELS.get(aspect, "nature"),
                "value": _told(claim.value),
                "reason": claim.reason,
                "certain": claim.certain,
            }
            for aspect, claim in propose(unit).items()
        ],
    }


def _told(value: str | bool) -> str:
    return str(OrganisationKind(value).label) if isinstance(value, str) else _WORDS[value]
