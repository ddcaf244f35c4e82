from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from calls.admin.examination import examination_view
from calls.admin.following import following_view
from calls.admin.instalment import InstalmentInline
from calls.following import summary
from calls.models import Application, Decision, Evaluation
from calls.waiting import waiting
from core.admin import RegistryAdmin, RegistryForm, RegistryStacked
from core.admin.exchange import keys
from core.admin.waiting import waiting_filter
from core.templatetags.french import euros

keys.declare(
    Application,
    ("call__code", "wave__code", "strand__code", "pole__public_id"),
    ("call__code", "strand__code", "pole__public_id"),
    ("call__code", "wave__code", "pole__public_id"),
    ("call__code", "pole__public_id"),
)
_HAVE_THEIR_PAGE = (
    "admissible",
    "admissible_reason",
    "eligible",
    "eligible_reason",
    "opinion",
    "opinion_rank",
    "opinion_text",
    "decision",
    "decided_on",
    "decision_words",
    "amount_eur",
    "imported",
)


# What only files from before the registry have; the opinions of the others are rows of their own.
_OLDER = ("opinion", "opinion_rank", "opinion_text", "decision_words", "imported")
_AS_WORDS = {"decision": "decided", "amount_eur": "awarded"}


class ApplicationForm(RegistryForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for name in ("wave", "strand"):
            part = cleaned.get(name)
            if part is not None and part.call_id != getattr(cleaned.get("call"), "pk", None):
                self.add_error(name, "La vague et le volet doivent être ceux de l’appel.")
        return cleaned


class EvaluationInline(RegistryStacked):
    model = Evaluation
    fields = (("kind", "planned_on", "held_on"), "author", "text")
    formfield_overrides = {
        **RegistryStacked.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})},
    }


@admin.register(Application)
class ApplicationAdmin(RegistryAdmin):
    form = ApplicationForm
    list_display = ("pole", "call", "wave", "strand", "decision", "decided_on", "amount_eur")
    list_filter = (waiting_filter(waiting), "call", "decision", "opinion", "imported")
    list_select_related = ("pole", "call", "wave", "strand")
    search_fields = (
        "pole__normalised_name__contains",
        "call__code__icontains",
        "file_number",
    )
    search_help_text = "Nom du pôle, code de l’appel ou numéro de dossier."
    autocomplete_fields = ("call", "wave", "strand", "pole", "beneficiary")
    loaded_fields = ("attested_by",)
    readonly_fields = (
        *("attested_on", "attestation", "attester", "examination", "following"),
        *_AS_WORDS.values(),
    )
    inlines = (InstalmentInline, EvaluationInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "call",
                    "wave",
                    "strand",
                    "pole",
                    "beneficiary",
                    "file_number",
                    "received_on",
                    "requested_eur",
                    "contact_email",
                    "examination",
                )
            },
        ),
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
        ("Convention et suivi", {"fields": ("agreement_on", "agreement_reference", "following")}),
    )

    class Media:
        css = {"all": ["admin-site/calls.css"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What has its own page, in a call that is run in the registry, is only shown here."""
        more = _HAVE_THEIR_PAGE if obj is not None and obj.call.run_in_registry else ()
        return (*super().get_readonly_fields(request, obj), *more)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.call.run_in_registry or obj.imported or obj.opinion:
            return fieldsets
        shown = []
        for title, options in fieldsets:
            fields = [
                _AS_WORDS.get(str(name), name) for name in options["fields"] if name not in _OLDER
            ]
            if fields:
                shown.append((title, {**options, "fields": fields}))
        return shown

    def get_urls(self) -> list:
        return [
            path(
                "suivi/",
                self.admin_site.admin_view(partial(following_view, self)),
                name="calls_application_following",
            ),
            path(
                "<str:object_id>/examen/",
                self.admin_site.admin_view(partial(examination_view, self)),
                name="calls_application_examination",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="décision")
    def decided(self, obj: Application) -> str:
        return "à décider" if obj.decision == Decision.UNKNOWN else obj.get_decision_display()

    @admin.display(description="montant engagé")
    def awarded(self, obj: Application) -> str:
        return euros(obj.amount_eur)

    @admin.display(description="examen, avis")
    def examination(self, obj: Application) -> str:
        if obj.pk is None:
            return "Une fois le dossier enregistré."
        address = reverse("admin:calls_application_examination", args=[obj.pk])
        return format_html('<a href="{}">conseil du registre, conclusions et avis</a>', address)

    @admin.display(description="suivi de l’aide")
    def following(self, obj: Application) -> str:
        today = timezone.localdate()
        found = summary(obj, today) if obj.pk is not None else None
        if found is None:
            return "Pour un lauréat, une fois l’aide décidée."
        return render_to_string(
            "admin/calls/_support.html", {"found": found, "file": obj, "today": today}
        )

    @admin.display(description="attestée par")
    def attester(self, obj: Application) -> str:
        return str(obj.attested_by or "")

    def loaded(self, queryset: models.QuerySet) -> models.QuerySet:
        return super().loaded(queryset).select_related("wave__call", "strand__call")
