"""The State's register beside an organisation: what it says, and what to take of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from core.admin import RegistryAdmin
from core.admin.refusals import refusal
from members.kinds import FACT_LABELS, OrganisationKind
from members.models import Organisation
from members.register import Answer, Unit, look_up, propose, search
from members.register_updates import accept, apply

_LABELS = {"kind": "nature", **FACT_LABELS}
_YES_NO: dict[object, str] = {True: "oui", False: "non", None: "inconnu"}


def register_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    found = Organisation.objects.filter(pk=object_id) if object_id.isdecimal() else None
    organisation = found.first() if found is not None else None
    if organisation is None:
        raise Http404
    if not admin.has_change_permission(request, organisation):
        raise PermissionDenied
    name = request.GET.get("q", "").strip() or organisation.name
    answer = look_up(organisation.siren) if organisation.siren else search(name)
    if request.method == "POST" and _done(request, organisation, answer):
        return HttpResponseRedirect(request.path)
    unit = answer.units[0] if organisation.siren and answer.units else None
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Annuaire des entreprises : {organisation}",
        "opts": admin.opts,
        "organisation": organisation,
        "name": name,
        "answer": answer,
        "unit": unit,
        "claims": _claims(organisation, unit) if unit else [],
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/members/register.html", context)


def _done(request: HttpRequest, organisation: Organisation, answer: Answer) -> bool:
    """Whether what was asked is done; what went wrong is said."""
    units = {unit.siren: unit for unit in answer.units}
    unit = units.get(request.POST.get("siren", ""))
    if unit is None:
        messages.error(request, answer.unavailable or "L’annuaire ne donne plus cette unité.")
        return False
    try:
        with transaction.atomic():
            if request.POST.get("aspect") in _LABELS:
                accept(organisation, unit, request.POST["aspect"], request.user)
            else:
                if not organisation.siren:
                    organisation.siren = unit.siren
                    organisation.full_clean()
                    organisation.save()
                apply(organisation, unit)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    except DatabaseError as error:
        message = refusal(error)
        if not message:
            raise
        messages.error(request, message)
        return False
    messages.success(request, "Enregistré, avec sa preuve.")
    return True


def _claims(organisation: Organisation, unit: Unit) -> list[dict[str, Any]]:
    """What the register gives beside what is known; only what is unknown can be accepted."""
    rows = []
    for aspect, claim in propose(unit).items():
        known = getattr(organisation, aspect)
        unknown = known in {None, OrganisationKind.UNKNOWN.value}
        rows.append(
            {
                "aspect": aspect,
                "label": _LABELS[aspect],
                "known": _words(known),
                "given": _words(claim.value),
                "reason": claim.reason,
                "certain": claim.certain,
                "acceptable": unknown,
                "agrees": known == claim.value,
            }
        )
    return rows


def _words(value: object) -> str:
    if isinstance(value, str):
        return str(OrganisationKind(value).label)
    return _YES_NO[value]
