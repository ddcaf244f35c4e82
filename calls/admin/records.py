"""What is written on the pages of a call, looked at and searched here."""

from typing import Any

from django.contrib import admin

from calls.models import (
    DecisionSession,
    Examination,
    NetworkPerson,
    RegionalOpinion,
    Strand,
    Wave,
)
from core.admin import ReadOnlyAdmin, RegistryAdmin

_BY_FILE = (
    "application__pole__normalised_name__contains",
    "application__call__code__icontains",
)


@admin.register(NetworkPerson)
class NetworkPersonAdmin(RegistryAdmin):
    list_display = ("network", "organisation")
    list_select_related = ("network", "organisation")
    search_fields = ("network__name", "network__acronym", "organisation__normalised_name__contains")
    search_help_text = "Nom du réseau ou de sa personne morale."
    autocomplete_fields = ("network", "organisation")


class _PartAdmin(ReadOnlyAdmin):
    """Changed on the page of its call."""

    list_select_related = ("call",)
    loaded_fields = ("call",)
    search_fields = ("name", "code", "call__code__icontains", "call__name__icontains")

    def option_label(self, obj: Any) -> str:
        return f"{obj.call.code} – {obj.name}"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("call")


@admin.register(Wave)
class WaveAdmin(_PartAdmin):
    list_display = ("name", "call", "state", "opens_on", "closes_on", "envelope_eur")
    list_filter = ("state",)


@admin.register(Strand)
class StrandAdmin(_PartAdmin):
    list_display = ("name", "call", "envelope_eur")


@admin.register(RegionalOpinion)
class RegionalOpinionAdmin(ReadOnlyAdmin):
    list_display = ("application", "network", "opinion", "rank", "given_on")
    list_filter = ("opinion",)
    list_select_related = ("application__pole", "application__call", "network")
    loaded_fields = ("application", "network", "author")
    search_fields = (*_BY_FILE, "network__name")
    search_help_text = "Nom du pôle ou du réseau, code de l’appel."


@admin.register(DecisionSession)
class DecisionSessionAdmin(ReadOnlyAdmin):
    list_display = ("committee", "held_on", "call", "wave", "strand", "officer")
    list_select_related = ("call", "wave__call", "strand__call", "officer")
    loaded_fields = ("call", "wave", "strand", "officer")
    date_hierarchy = "held_on"
    search_fields = ("committee", "call__code__icontains", "call__name__icontains")
    search_help_text = "Comité ou appel."


@admin.register(Examination)
class ExaminationAdmin(ReadOnlyAdmin):
    list_display = ("application", "subject", "conclusion", "advised", "officer", "recorded_at")
    list_filter = ("subject", "conclusion", "advised")
    list_select_related = ("application__pole", "application__call", "officer")
    loaded_fields = ("application", "officer")
    search_fields = _BY_FILE
    search_help_text = "Nom du pôle ou code de l’appel."
