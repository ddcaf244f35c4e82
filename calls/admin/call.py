from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html

from calls.admin.answers import answer_file, answer_view, answers_view
from calls.admin.conduct import conduct_view
from calls.admin.platform import columns_view, platform_view, preview_view
from calls.admin.results import results_urls
from calls.admin.sending import letters_view
from calls.admin.session import session_view
from calls.models import Call, CallDocument, CallNetwork, CallState, Strand, Wave
from calls.waiting import waiting
from core.admin import RegistryAdmin, RegistryTabular
from core.admin.exchange import keys
from core.admin.waiting import waiting_filter
from core.templatetags.french import euros

keys.declare(Wave, ("call__code", "code"))
keys.declare(Strand, ("call__code", "code"))


class WaveInline(RegistryTabular):
    model = Wave
    fields = ("code", "name", "opens_on", "closes_on", "results_on", "envelope_eur")


class StrandInline(RegistryTabular):
    model = Strand
    fields = ("code", "name", "envelope_eur")


class CallDocumentInline(RegistryTabular):
    model = CallDocument
    fields = ("title", "url")


class CallNetworkInline(RegistryTabular):
    model = CallNetwork
    autocomplete_fields = ("network", "region")


@admin.register(Call)
class CallAdmin(RegistryAdmin):
    # What one looks for first, before what a narrow screen hides; those that are run here on top.
    list_display = ("name", "step", "envelope", "opens_on", "closes_on", "permanent", "code")
    ordering = ("-run_in_registry", "-code")
    list_filter = (
        waiting_filter(waiting),
        "kind",
        "state",
        "permanent",
        "composition_rule",
        "run_in_registry",
    )
    readonly_fields = ("conduct",)
    search_fields = ("name", "code", "organiser")
    inlines = (WaveInline, StrandInline, CallDocumentInline, CallNetworkInline)
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "organiser", "permanent")}),
        (
            "Conduite",
            {"fields": ("run_in_registry", "conduct", "opinion_required")},
        ),
        ("Dates", {"fields": ("opens_on", "closes_on", "results_on")}),
        (
            "Aides",
            {"fields": ("funds", "envelope_eur", "award_min_eur", "award_max_eur", "award_years")},
        ),
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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new call is run here: what is not says so, and is held to less."""
        return {"run_in_registry": True, **super().get_changeform_initial_data(request)}

    @admin.display(description="étape", ordering="state")
    def step(self, obj: Call) -> str:
        return obj.get_state_display() if obj.run_in_registry else ""

    @admin.display(description="enveloppe", ordering="envelope_eur")
    def envelope(self, obj: Call) -> str:
        return euros(obj.envelope_eur)

    @admin.display(description="étapes et dossiers")
    def conduct(self, obj: Call) -> str:
        if obj.pk is None:
            return "Une fois l’appel enregistré."
        address = reverse("admin:calls_call_conduct", args=[obj.pk])
        words = obj.get_state_display() if obj.run_in_registry else "antérieur au registre"
        return format_html('{} – <a href="{}">étapes, budget et dossiers</a>', words, address)

    def get_urls(self) -> list:
        return [
            path(
                "<str:object_id>/conduite/",
                self.admin_site.admin_view(partial(conduct_view, self)),
                name="calls_call_conduct",
            ),
            path(
                "<str:object_id>/session/",
                self.admin_site.admin_view(partial(session_view, self)),
                name="calls_call_session",
            ),
            path(
                "<str:object_id>/depot/",
                self.admin_site.admin_view(partial(platform_view, self)),
                name="calls_call_platform",
            ),
            path(
                "<str:object_id>/depot/<int:run>/colonnes/",
                self.admin_site.admin_view(partial(columns_view, self)),
                name="calls_call_platform_columns",
            ),
            path(
                "<str:object_id>/depot/<int:run>/",
                self.admin_site.admin_view(partial(preview_view, self)),
                name="calls_call_platform_preview",
            ),
            path(
                "<str:object_id>/courriers/",
                self.admin_site.admin_view(partial(letters_view, self)),
                name="calls_call_letters",
            ),
            *results_urls(self),
            *super().get_urls(),
        ]

    def get_site_urls(self) -> list:
        """Those of the site itself, before the addresses of its models."""

        def view(function: Any) -> Any:
            return self.admin_site.admin_view(partial(function, self))

        return [
            path("reponse/", view(answers_view), name="answers"),
            path("reponse/<int:pk>/", view(answer_view), name="answer"),
            path("reponse/<int:pk>/<str:form>/", view(answer_file), name="answer_file"),
        ]

    def view_on_site(self, obj: Call) -> str | None:
        """A call that is being prepared has no page yet."""
        prepared = obj.run_in_registry and obj.state == CallState.PREPARING
        return None if prepared else obj.get_absolute_url()
