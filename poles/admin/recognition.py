"""The page of a pole's composition and recognition, and the officers' page for all of them."""

from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from core.admin import RegistryAdmin
from members.kinds import FACT_LABELS
from members.models import FactEvidence
from networks.models import User
from poles.composition import assess_pole, organisation_facts, settling
from poles.models import MembershipRole, Pole, Recognition
from poles.recognition import can_decide_recognition, recognise, regularise, withdraw
from poles.sentences import question, sentences


def _day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **kwargs)


class _DecisionForm(forms.Form):
    reason = forms.CharField(
        label="Motif", widget=forms.Textarea(attrs={"rows": 3}), help_text="Gardé avec la décision."
    )

    def apply(self, pole: Pole, officer: Any) -> None:
        raise NotImplementedError


class RecogniseForm(_DecisionForm):
    on = _day("Date de la décision", initial=timezone.localdate)

    def apply(self, pole: Pole, officer: Any) -> None:
        recognise(pole, officer, self.cleaned_data["reason"], on=self.cleaned_data["on"])


class ExceptionForm(RecogniseForm):
    exception_until = _day("Exception valable jusqu’au", help_text="Le dernier jour compris.")
    exception_reason = forms.CharField(
        label="Motif de l’exception", widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_exception_until(self) -> date:
        until: date = self.cleaned_data["exception_until"]
        if until < timezone.localdate():
            raise ValidationError("Une exception finit aujourd’hui au plus tôt.")
        return until

    def apply(self, pole: Pole, officer: Any) -> None:
        data = self.cleaned_data
        recognise(
            pole,
            officer,
            data["reason"],
            on=data["on"],
            exception_until=data["exception_until"],
            exception_reason=data["exception_reason"],
        )


class RegulariseForm(_DecisionForm):
    days = forms.IntegerField(
        label="Délai, en jours",
        min_value=1,
        max_value=730,
        initial=lambda: settings.REGULARISATION_DAYS,
        help_text="Le contact du pôle, ses réseaux et le ministère sont prévenus par courriel.",
    )

    def apply(self, pole: Pole, officer: Any) -> None:
        data = self.cleaned_data
        regularise(pole, data["reason"], officer=officer, days=data["days"])


class WithdrawForm(_DecisionForm):
    on = _day("Date de la décision", initial=timezone.localdate)
    heard_on = _day(
        "Pôle entendu le", help_text="Le jour où le pôle a pu présenter ses observations."
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if "on" in cleaned and "heard_on" in cleaned and cleaned["heard_on"] > cleaned["on"]:
            self.add_error("heard_on", "Le pôle est entendu avant la décision, ou le jour même.")
        return cleaned

    def apply(self, pole: Pole, officer: Any) -> None:
        data = self.cleaned_data
        withdraw(pole, officer, data["reason"], heard_on=data["heard_on"], on=data["on"])


_ACTIONS: dict[str, tuple[str, type[_DecisionForm]]] = {
    "reconnaitre": ("Reconnaître", RecogniseForm),
    "exception": ("Reconnaître par exception", ExceptionForm),
    "regulariser": ("Passer en régularisation", RegulariseForm),
    "retirer": ("Retirer la reconnaissance", WithdrawForm),
}
_OFFERED = {
    Recognition.NONE: ("reconnaitre", "exception"),
    Recognition.RECOGNISED: ("exception", "regulariser", "retirer"),
    Recognition.REGULARISATION: ("reconnaitre", "exception", "retirer"),
    Recognition.WITHDRAWN: ("reconnaitre", "exception"),
}


def composition_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The panel with its evidence, the decisions, and those that the state allows."""
    pole = Pole.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if pole is None:
        raise Http404
    if not admin.has_view_permission(request, pole):
        raise PermissionDenied
    allowed = can_decide_recognition(cast(User, request.user), pole)
    offered = _OFFERED[Recognition(pole.recognition)] if allowed else ()
    asked = request.POST.get("action", "")
    forms_by_action = {
        name: _ACTIONS[name][1](request.POST if name == asked else None, prefix=name)
        for name in offered
    }
    if request.method == "POST":
        if asked not in forms_by_action:
            # Someone else decided meanwhile: what is on the screen no longer holds.
            messages.error(request, allowed.reason or "L’état du pôle a changé entre-temps.")
        elif _applied(forms_by_action[asked], pole, request):
            messages.success(request, f"Décision enregistrée pour «\u00a0{pole.name}\u00a0».")
            return HttpResponseRedirect(request.path)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Composition et reconnaissance : {pole.name}",
        "opts": admin.opts,
        "pole": pole,
        "refused": allowed.reason,
        "actions": [(name, _ACTIONS[name][0], form) for name, form in forms_by_action.items()],
        **panel(pole),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/poles/composition.html", context)


def _applied(form: _DecisionForm, pole: Pole, request: HttpRequest) -> bool:
    if not form.is_valid():
        return False
    try:
        form.apply(pole, request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def panel(pole: Pole) -> dict[str, Any]:
    """The assessment of today with the evidence of each member, in three statements."""
    memberships = list(pole.memberships.select_related("organisation").order_by("id"))
    assessment = assess_pole(pole, memberships=memberships)
    settled_by = settling(assessment)
    proofs: dict[int, list[FactEvidence]] = {}
    found = FactEvidence.objects.filter(organisation__memberships__pole=pole).distinct()
    for proof in found.select_related("stated_by").order_by("aspect", "-stated_on", "id"):
        proofs.setdefault(proof.organisation_id, []).append(proof)
    held = {holder.key: role.name for role, holder in assessment.holders if holder}
    members = [
        {
            "membership": each,
            "organisation": each.organisation,
            "holds": held.get(each.organisation_id, ""),
            "facts": _facts(each.organisation),
            "proofs": proofs.get(each.organisation_id, []),
            "url": reverse("admin:members_organisation_change", args=[each.organisation_id]),
        }
        for each in memberships
        if each.role != MembershipRole.PARTNER
    ]
    return {
        "assessment": assessment,
        "sentences": sentences(assessment, settled_by),
        "questions": [question(q, assessment.day) for one in settled_by for q in one],
        "members": members,
        "decisions": list(pole.recognition_decisions.select_related("officer")),
    }


def _facts(organisation: Any) -> list[tuple[str, str]]:
    """Each fact as it was established, or as the others leave no doubt about it."""
    words = {True: "oui", False: "non", None: "inconnu"}
    told = []
    for fact, value in organisation_facts(organisation).items():
        deduced = value is not None and getattr(organisation, fact) is None
        told.append((FACT_LABELS[fact], words[value] + (", par déduction" if deduced else "")))
    return told
