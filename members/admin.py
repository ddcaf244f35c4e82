from functools import partial
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from core.admin import RegistryAdmin, RegistryTabular, VersionedRegistryForm
from core.admin.exchange import keys
from core.admin.filters import GivenFilter
from members.admin_register import register_view
from members.kinds import CERTAIN_FACTS, FACTS, OrganisationKind
from members.models import (
    EvidenceOrigin,
    FactEvidence,
    Organisation,
    OrganisationFormerSlug,
    PublicationStatus,
)
from territories.admin import region_filter

keys.declare(Organisation, ("siren",), ("slug",))


class EvidenceInline(RegistryTabular):
    model = FactEvidence
    fields = ("aspect", "value", "origin", "source", "stated_on", "stated_by")
    readonly_fields = ("stated_by",)
    loaded_fields = ("stated_by",)
    verbose_name = "preuve"
    verbose_name_plural = "preuves : d’où viennent la nature et les qualités"


class OrganisationForm(VersionedRegistryForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is not None and cleaned.get("kind"):
            for fact, value in CERTAIN_FACTS[OrganisationKind(cleaned["kind"])].items():
                if cleaned.get(fact) is None:
                    cleaned[fact] = value
        return cleaned


@admin.register(Organisation)
class OrganisationAdmin(RegistryAdmin):
    form = OrganisationForm
    list_display = ("name", "acronym", "kind", "siren", "seat", "publication_status", "closed_on")
    list_filter = (
        "kind",
        region_filter("seat"),
        "is_ess",
        "is_commercial",
        "is_training_body",
        "publication_status",
        ("siren", GivenFilter),
        ("closed_on", GivenFilter),
    )
    list_select_related = ("seat",)
    search_fields = ("normalised_name__contains", "acronym__icontains", "siren__startswith")
    search_help_text = "Nom, sigle ou SIREN."
    autocomplete_fields = ("seat",)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("register", "searched_name", "version")
    acting_fields = ("register",)
    inlines = (EvidenceInline,)
    history_parts = (OrganisationFormerSlug,)
    fieldsets = (
        (None, {"fields": ("name", "acronym", "slug", "website", "seat", "closed_on")}),
        (
            "Registre de l’État",
            {
                "fields": ("register", "siren", "siret", "legal_category", "publication_status"),
            },
        ),
        (
            "Nature et qualités",
            {
                "fields": (
                    "kind",
                    "is_commercial",
                    "is_ess",
                    "is_training_body",
                    "is_non_ess_grouping",
                    "is_legal_person",
                    "source_words",
                ),
                "description": (
                    "Inconnu tant que personne ni aucune source ne le dit ; ce que la nature rend "
                    "certain se remplit tout seul. Chaque réponse a sa preuve, plus bas."
                ),
            },
        ),
        ("Registre", {"fields": ("version", "searched_name")}),
    )

    @admin.display(description="annuaire des entreprises")
    def register(self, obj: Organisation) -> str:
        if obj.pk is None:
            return "Il se consulte une fois l’organisation enregistrée."
        address = reverse("admin:members_organisation_register", args=[obj.pk])
        return format_html('<a href="{}">ce qu’il dit, et ce qu’il propose</a>', address)

    def get_urls(self) -> list:
        return [
            path(
                "<str:object_id>/annuaire/",
                self.admin_site.admin_view(partial(register_view, self)),
                name="members_organisation_register",
            ),
            *super().get_urls(),
        ]

    def option_label(self, obj: Any) -> str:
        return f"{obj.name} – SIREN {obj.siren}" if obj.siren else obj.name

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is FactEvidence:
            for row in formset.forms:
                if row.has_changed():
                    row.instance.stated_by = request.user
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        by_hand = {
            row.instance.aspect
            for formset in formsets
            if formset.model is FactEvidence
            for row in formset.forms
            if row.has_changed()
        }
        self._state_what_changed(request, form, besides=by_hand)
        super().save_related(request, form, formsets, change)

    def _state_what_changed(self, request: HttpRequest, form: Any, besides: set[str]) -> None:
        """A kind or a fact that an officer types is theirs: the evidence says so, and why.

        ``besides``: those of which the page itself gives the evidence.
        """
        organisation = form.instance
        words = {True: "oui", False: "non", None: "inconnu"}
        FactEvidence.objects.bulk_create(
            FactEvidence(
                organisation=organisation,
                aspect=aspect,
                value=value if isinstance(value, str) else words[value],
                origin=EvidenceOrigin.OFFICER,
                stated_by=cast(Any, request.user),
                source=request.POST.get("_why", "").strip() or "Saisie dans l’administration",
                stated_on=timezone.localdate(),
            )
            for aspect in ("kind", *FACTS)
            if aspect in form.changed_data and aspect not in besides
            for value in [getattr(organisation, aspect)]
        )

    def view_on_site(self, obj: Organisation) -> str | None:
        shown = obj.publication_status == PublicationStatus.DIFFUSIBLE
        return obj.get_absolute_url() if shown else None
