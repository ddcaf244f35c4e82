from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from calls.models import Application, Evaluation, Instalment
from core.admin import RegistryAdmin, RegistryForm, RegistryTabular


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
    loaded_fields = ("attested_by",)
    readonly_fields = ("attester",)
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
        (
            "Attestation de la composition",
            {
                "fields": ("attested_on", "attestation", "attester"),
                "description": (
                    "Par un agent, quand le registre ne peut dire si la composition satisfait la "
                    "règle de l’appel. Ce qui est su ne pas satisfaire ne s’atteste pas."
                ),
            },
        ),
        ("Convention", {"fields": ("agreement_on", "agreement_reference")}),
    )

    @admin.display(description="attestée par")
    def attester(self, obj: Application) -> str:
        return str(obj.attested_by or "")

    def save_model(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        if {"attested_on", "attestation"} & set(form.changed_data):
            user: Any = request.user
            obj.attested_by = user if obj.attested_on else None
        super().save_model(request, obj, form, change)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in {"wave", "strand"}:
            field.queryset = field.queryset.select_related("call")
            field.label_from_instance = _with_call
        return field


def _with_call(part: Any) -> str:
    return f"{part.call.code} – {part.name}"
