from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from calls.models import Application, Call, Evaluation, Instalment, Strand, Wave
from core.admin import RegistryAdmin, RegistryForm, RegistryTabular


class WaveInline(RegistryTabular):
    model = Wave
    fields = ("code", "name", "opens_on", "closes_on", "results_on")


class StrandInline(RegistryTabular):
    model = Strand
    fields = ("code", "name")


@admin.register(Call)
class CallAdmin(RegistryAdmin):
    list_display = ("name", "code", "kind", "opens_on", "closes_on", "permanent", "envelope_eur")
    list_filter = ("kind", "permanent", "composition_rule", "run_in_registry")
    search_fields = ("name", "code", "organiser")
    inlines = (WaveInline, StrandInline)
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "organiser", "permanent", "run_in_registry")}),
        ("Dates", {"fields": ("opens_on", "closes_on", "results_on")}),
        ("Aides", {"fields": ("envelope_eur", "award_min_eur", "award_max_eur", "award_years")}),
        (
            "Règles",
            {
                "fields": (
                    "composition_rule",
                    "private_law_required",
                    "first_support_required",
                    "conditions",
                    "specification_url",
                )
            },
        ),
        (
            "Annoncé par l’organisateur",
            {
                "fields": (
                    "announced_candidates",
                    "announced_laureates",
                    "announced_supported",
                    "source_url",
                    "note",
                )
            },
        ),
    )

    def view_on_site(self, obj: Call) -> str:
        return obj.get_absolute_url()


class ApplicationForm(RegistryForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for name in ("wave", "strand"):
            part = cleaned.get(name)
            if part is not None and part.call_id != getattr(cleaned.get("call"), "pk", None):
                self.add_error(name, "La vague et le volet doivent être ceux de l’appel.")
        return cleaned


class InstalmentInline(RegistryTabular):
    model = Instalment
    fields = ("planned_on", "amount_eur", "state", "paid_on", "reference", "reason")


class EvaluationInline(RegistryTabular):
    model = Evaluation
    fields = ("kind", "held_on", "author", "text")


@admin.register(Application)
class ApplicationAdmin(RegistryAdmin):
    form = ApplicationForm
    list_display = ("pole", "call", "wave", "strand", "decision", "decided_on", "amount_eur")
    list_filter = ("call", "decision", "opinion", "imported")
    list_select_related = ("pole", "call", "wave", "strand")
    search_fields = ("pole__normalised_name__contains", "call__code__icontains")
    search_help_text = "Nom du pôle ou code de l’appel."
    autocomplete_fields = ("call", "pole", "beneficiary")
    inlines = (InstalmentInline, EvaluationInline)
    fieldsets = (
        (None, {"fields": ("call", "wave", "strand", "pole", "beneficiary", "received_on")}),
        (
            "Recevabilité et éligibilité",
            {"fields": ("admissible", "admissible_reason", "eligible", "eligible_reason")},
        ),
        ("Avis régional", {"fields": ("opinion", "opinion_rank", "opinion_text")}),
        (
            "Décision",
            {"fields": ("decision", "decided_on", "decision_words", "amount_eur", "imported")},
        ),
        ("Convention", {"fields": ("agreement_on", "agreement_reference")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in {"wave", "strand"}:
            field.queryset = field.queryset.select_related("call")
            field.label_from_instance = _with_call
        return field


def _with_call(part: Any) -> str:
    return f"{part.call.code} – {part.name}"
