"""The grid of a session: every file with advice, opinions and amounts, decided all at once."""

from collections import defaultdict
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from calls.admin.conduct import call_or_404, files_of
from calls.admin.examination import missing_opinions
from calls.advice import advise, with_evidence
from calls.budgets import budgets
from calls.decisions import DecisionsRefused, Wish, decide
from calls.models import Application, Call, CallState, Decision, RegionalOpinion, Strand, Wave
from calls.permissions import can_run_calls
from core.admin import RegistryAdmin
from core.admin.numbers import FrenchDecimalField
from networks.models import User


class SessionForm(forms.Form):
    committee = forms.CharField(
        label="Comité", max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    held_on = forms.DateField(
        label="Réuni le",
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_held_on(self) -> Any:
        held = self.cleaned_data["held_on"]
        if held > timezone.localdate():
            raise forms.ValidationError("Un comité ne décide pas d’un jour à venir.")
        return held


class RowForm(forms.Form):
    """A file of the grid; what it showed comes back, so that nobody decides over another."""

    decision = forms.ChoiceField(
        choices=[
            (value, "à décider" if value == Decision.UNKNOWN else label)
            for value, label in Decision.choices
        ]
    )
    amount = FrenchDecimalField(required=False, min_value=0, max_digits=12, decimal_places=2)
    before_decision = forms.CharField(required=False, widget=forms.HiddenInput)
    before_amount = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, file: Application, data: Any = None) -> None:
        shown = {
            "decision": file.decision,
            "amount": file.amount_eur,
            "before_decision": file.decision,
            "before_amount": file.amount_eur,
        }
        super().__init__(data, prefix=f"file-{file.pk}", initial=shown)
        self.file = file
        name = file.pole.name
        parts = [f"wave-{file.wave_id}"] if file.wave_id else []
        parts += [f"strand-{file.strand_id}"] if file.strand_id else []
        self.fields["decision"].widget.attrs |= {"aria-label": f"Décision\u00a0: {name}"}
        self.fields["amount"].widget.attrs |= {
            "aria-label": f"Montant en euros\u00a0: {name}",
            "data-amount": " ".join(parts),
            "data-saved": "" if file.amount_eur is None else str(file.amount_eur),
            "size": "10",
        }

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(
            self.file.pk,
            data["decision"],
            data["amount"],
            (data["before_decision"], data["before_amount"]),
        )


def session_view(admin: RegistryAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    call = call_or_404(object_id)
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    waves = list(Wave.objects.filter(call=call).order_by("code"))
    strands = list(Strand.objects.filter(call=call).order_by("code"))
    every = list(with_evidence(files_of(call)))
    wave = _chosen(waves, request.GET.get("vague"))
    strand = _chosen(strands, request.GET.get("volet"))
    files = [
        each
        for each in every
        if (wave is None or each.wave_id == wave.pk)
        and (strand is None or each.strand_id == strand.pk)
    ]
    posted = request.POST if request.method == "POST" else None
    form = SessionForm(posted)
    rows = [RowForm(file, posted) for file in files]
    refused = can_run_calls(cast(User, request.user)).reason or _closed(call, waves, wave)
    grid: list[str] = []
    if posted is not None:
        # One list, so that every error of the grid is shown at once.
        if all([form.is_valid(), *(row.is_valid() for row in rows)]) and not refused:
            grid = _decided(request, call, form, rows, wave, strand)
            if not grid:
                return HttpResponseRedirect(request.get_full_path())
        else:
            grid = [refused or "Rien n’est enregistré\u00a0: corrigez ce qui est signalé."]
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Session\u00a0: {call.name}",
        "opts": admin.opts,
        "call": call,
        "waves": waves,
        "strands": strands,
        "wave": wave,
        "strand": strand,
        "refused": refused,
        "grid": grid,
        "form": form,
        "rows": _shown(rows, (bool(waves), bool(strands))),
        "budgets": budgets(call, waves, strands, every),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/calls/session.html", context)


def _chosen[T: (Wave, Strand)](parts: list[T], code: str | None) -> T | None:
    return next((part for part in parts if part.code == code), None)


def _closed(call: Call, waves: list[Wave], wave: Wave | None) -> str:
    if not call.run_in_registry:
        return "Cet appel est antérieur au registre\u00a0: ses décisions ne se prennent pas ici."
    taken = (CallState.REVIEW, CallState.DECIDED)
    if call.permanent and wave is None:
        return "Choisissez la vague à décider."
    step = wave.state if call.permanent and wave is not None else call.state
    if step not in taken:
        return "Les décisions se prennent pendant l’instruction."
    return ""


def _decided(
    request: HttpRequest,
    call: Call,
    form: SessionForm,
    rows: list[RowForm],
    wave: Wave | None,
    strand: Strand | None,
) -> list[str]:
    """Writes the grid; what is wrong with it, its rows having their own errors."""
    try:
        session = decide(
            call,
            [row.wish() for row in rows],
            committee=form.cleaned_data["committee"],
            held_on=form.cleaned_data["held_on"],
            officer=cast(User, request.user),
            wave=wave,
            strand=strand,
        )
    except DecisionsRefused as error:
        for row in rows:
            for message in error.rows.get(row.file.pk, ()):
                row.add_error(None, message)
        count = len(error.rows)
        told = f"Rien n’est enregistré\u00a0: {count} dossier{'s' if count > 1 else ''} à revoir."
        return [*error.grid, *([told] if count else [])]
    messages.success(
        request,
        "Décisions enregistrées." if session else "Aucune décision n’a changé.",
    )
    return []


def _shown(rows: list[RowForm], parts: tuple[bool, bool]) -> list[dict[str, Any]]:
    files = [row.file for row in rows]
    advices = advise(files, timezone.localdate(), parts)
    opinions = defaultdict(list)
    found = RegionalOpinion.objects.filter(application__in=[file.pk for file in files])
    for each in found.select_related("network").order_by("rank", "network__name"):
        opinions[each.application_id].append(each)
    missing = missing_opinions(files)
    return [
        {
            "form": row,
            "file": row.file,
            "admissible": advices[row.file.pk].admissibility,
            "eligible": advices[row.file.pk].eligibility,
            "opinions": opinions[row.file.pk],
            "missing": missing.get(row.file.pk, ""),
            # What another officer saved meanwhile is beside what was typed.
            "saved": row.file if row.is_bound and row.errors else None,
        }
        for row in rows
    ]
