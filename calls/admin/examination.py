"""The page of a file: what the registry advises, what the officers concluded, the opinions."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from calls.advice import advise, with_evidence
from calls.eligibility import Advice
from calls.examining import DECIDED, attest, examine
from calls.models import (
    Application,
    Decision,
    Examination,
    ExaminationSubject,
    Letter,
    RegionalOpinion,
    Strand,
    Wave,
)
from calls.permissions import can_run_calls
from core.admin import RegistryAdmin
from networks.models import User

_BUTTONS = {
    ExaminationSubject.ADMISSIBILITY: "Conclure sur la recevabilité",
    ExaminationSubject.ELIGIBILITY: "Conclure sur l’éligibilité",
}


class ConclusionForm(forms.Form):
    conclusion = forms.ChoiceField(
        label="Votre conclusion",
        choices=[("oui", "oui"), ("non", "non")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez oui ou non."},
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire si vous vous écartez du conseil\u00a0; un refus le reprend.",
    )


class AttestationForm(forms.Form):
    attested_on = forms.DateField(
        label="Attestée le",
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    attestation = forms.CharField(
        label="Sur quoi elle repose", max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


def examination_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    file = None
    if object_id.isdecimal():
        file = with_evidence(Application.objects.all()).filter(pk=object_id).first()
    if file is None:
        raise Http404
    if not admin.has_view_permission(request, file):
        raise PermissionDenied
    asked = request.POST.get("action", "")
    given = {
        name: form(request.POST if name == asked else None, prefix=name)
        for name, form in (
            *((subject.value, ConclusionForm) for subject in ExaminationSubject),
            ("attestation", AttestationForm),
        )
    }
    if asked in given and _done(given[asked], asked, file, request):
        return HttpResponseRedirect(request.path)
    waves, strands = Wave.objects.filter(call=file.call), Strand.objects.filter(call=file.call)
    parts = (waves.exists(), strands.exists())
    advices = advise([file], timezone.localdate(), parts)[file.pk]
    kept = list(Examination.objects.filter(application=file).select_related("officer"))
    refused = can_run_calls(cast(User, request.user)).reason
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Dossier\u00a0: {file.pole.name}",
        "opts": admin.opts,
        "file": file,
        "refused": refused or (DECIDED if file.decision != Decision.UNKNOWN else ""),
        "subjects": [
            {
                "name": subject.label,
                "value": subject.value,
                "button": _BUTTONS[subject],
                "advice": advice,
                "conclusion": conclusion,
                "reason": reason,
                "form": given[subject.value],
                "kept": [each for each in kept if each.subject == subject],
            }
            for subject, advice, conclusion, reason in _subjects(
                file, advices.admissibility, advices.eligibility
            )
        ],
        "attestation": given["attestation"],
        "opinions": list(
            RegionalOpinion.objects.filter(application=file)
            .select_related("network", "author")
            .order_by("network__name")
        ),
        "letters": list(Letter.objects.filter(application=file)),
        "missing": missing_opinions([file]).get(file.pk, ""),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/examination.html", context)


def missing_opinions(files: list[Application]) -> dict[int, str]:
    """Whose opinion is still owed on each file of one call, in one statement."""
    if not files or not files[0].call.run_in_registry or not files[0].call.opinion_required:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, calls_missing_opinions(call_id, id, pole_id) FROM calls_application"
            " WHERE id = ANY (%s)",
            [[file.pk for file in files]],
        )
        return {pk: missing for pk, missing in cursor.fetchall() if missing}


def _subjects(
    file: Application, admissible: Advice, eligible: Advice
) -> list[tuple[ExaminationSubject, Advice, bool | None, str]]:
    return [
        (
            ExaminationSubject.ADMISSIBILITY,
            admissible,
            file.admissible,
            file.admissible_reason,
        ),
        (ExaminationSubject.ELIGIBILITY, eligible, file.eligible, file.eligible_reason),
    ]


def _done(form: Any, action: str, file: Application, request: HttpRequest) -> bool:
    if not form.is_valid():
        return False
    data, officer = form.cleaned_data, cast(User, request.user)
    try:
        if action == "attestation":
            attest(file, data["attested_on"], data["attestation"], officer=officer)
        else:
            examine(
                file,
                ExaminationSubject(action),
                data["conclusion"] == "oui",
                officer=officer,
                reason=data["reason"],
            )
    except ValidationError as error:
        form.add_error("reason" if "reason" in form.fields else None, error.messages)
        return False
    messages.success(request, "Enregistré, avec votre nom et la date.")
    return True
