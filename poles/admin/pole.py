from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html

from core.admin import RegistryAdmin
from core.admin.exchange import keys
from core.admin.filters import GivenFilter
from core.admin.waiting import waiting_filter
from poles.admin.acts import ACTS
from poles.admin.compositions import compositions_view
from poles.admin.inlines import (
    CoverageInline,
    FiguresInline,
    MembershipInline,
    NetworkInline,
    ProjectInline,
    SourceInline,
    ThemeInline,
)
from poles.admin.recognition import composition_view
from poles.models import Membership, Pole, PoleFormerSlug, RecordState, StudyPole, Theme
from poles.waiting import waiting
from territories.admin import region_filter

keys.declare(Theme, ("slug",))
keys.declare(Pole, ("public_id",), ("slug",))


@admin.register(Theme)
class ThemeAdmin(RegistryAdmin):
    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Pole)
class PoleAdmin(RegistryAdmin):
    list_display = (
        "name",
        "seat",
        "maturity",
        "record_state",
        "verdict",
        "recognition",
        "reference_network",
        "confirmed_on",
    )
    list_filter = (
        waiting_filter(waiting),
        "record_state",
        "maturity",
        "verdict",
        "recognition",
        region_filter("seat"),
        ("reference_network", admin.RelatedOnlyFieldListFilter),
        ("confirmed_on", GivenFilter),
    )
    list_select_related = ("seat", "reference_network")
    search_fields = (
        "normalised_name__contains",
        "acronym__icontains",
        "public_id__icontains",
        "seat__normalised_name__contains",
    )
    search_help_text = "Nom, sigle, identifiant (PTCE-00042) ou lieu du siège."
    autocomplete_fields = ("legal_person", "seat", "reference_network")
    loaded_fields = ("recognition_officer",)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = (
        "composition",
        "recognition",
        "recognition_on",
        "recognition_reason",
        "regularise_by",
        "exception_until",
        "public_id",
        "searched_name",
        "version",
        "created_at",
        "recognition_officer",
        "geocoding_score",
        "geocoding_label",
    )
    inlines = (
        MembershipInline,
        ThemeInline,
        CoverageInline,
        NetworkInline,
        ProjectInline,
        FiguresInline,
        SourceInline,
    )
    history_parts = (PoleFormerSlug, StudyPole)
    bulk_acts = ACTS
    only_administrators_delete = True
    fieldsets = (
        (None, {"fields": ("name", "acronym", "slug", "public_id", "summary", "description")}),
        (
            "Fiche",
            {
                "fields": (
                    "record_state",
                    "archive_reason",
                    "reference_network",
                    "confirmed_on",
                    "members_confirmed_on",
                )
            },
        ),
        (
            "Maturité et dates",
            {"fields": ("maturity", "maturity_year", "founding_year", "closed_on")},
        ),
        ("Personne morale", {"fields": ("legal_person", "legal_form")}),
        (
            "Siège et territoire",
            {
                "fields": (
                    "seat",
                    "address",
                    ("latitude", "longitude", "position_origin"),
                    ("geocoding_label", "geocoding_score"),
                    "coverage_words",
                )
            },
        ),
        (
            "Contact",
            {
                "fields": (
                    "website",
                    "contact_email",
                    "contact_phone",
                    ("contact_name", "contact_consent_on"),
                )
            },
        ),
        (
            "Zonages",
            {
                "fields": (
                    ("rural_area", "rural_basis", "rural_on"),
                    ("priority_district", "priority_basis", "priority_on"),
                )
            },
        ),
        (
            "Reconnaissance",
            {
                "fields": (
                    "composition",
                    "recognition",
                    "recognition_on",
                    "recognition_reason",
                    "recognition_officer",
                    "regularise_by",
                    "exception_until",
                ),
                "description": (
                    "Une écriture du registre : elle ne donne ni label ni droit à une aide."
                ),
            },
        ),
        (
            "Mots des sources",
            {
                "classes": ("collapse",),
                "fields": ("theme_words", "maturity_words", "lead_words", "jobs_words"),
            },
        ),
        ("Registre", {"fields": ("version", "created_at", "searched_name")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "summary":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="composition minimale")
    def composition(self, obj: Pole) -> str:
        if obj.pk is None:
            return "Elle s’établit une fois le pôle enregistré."
        address = reverse("admin:poles_pole_article9", args=[obj.pk])
        return format_html(
            '{} – <a href="{}">preuves, décisions et actions</a>',
            obj.get_verdict_display(),
            address,
        )

    def get_urls(self) -> list:
        return [
            path(
                "article-9/",
                self.admin_site.admin_view(partial(compositions_view, self)),
                name="poles_pole_compositions",
            ),
            path(
                "<str:object_id>/article-9/",
                self.admin_site.admin_view(partial(composition_view, self)),
                name="poles_pole_article9",
            ),
            *super().get_urls(),
        ]

    def view_on_site(self, obj: Pole) -> str | None:
        published = obj.record_state == RecordState.PUBLISHED
        return obj.get_absolute_url() if published else None


@admin.register(Membership)
class MembershipAdmin(RegistryAdmin):
    list_display = ("organisation", "pole", "role", "begins_on", "ends_on")
    list_filter = ("role", ("ends_on", GivenFilter))
    list_select_related = ("organisation", "pole")
    search_fields = (
        "organisation__normalised_name__contains",
        "pole__normalised_name__contains",
        "organisation__siren__startswith",
    )
    search_help_text = "Nom ou SIREN de l’organisation, nom du pôle."
    autocomplete_fields = ("organisation", "pole")
