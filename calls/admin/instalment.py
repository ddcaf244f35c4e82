from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from calls.models import Instalment
from calls.waiting import waiting
from core.admin import RegistryAdmin
from core.admin.waiting import waiting_filter


@admin.register(Instalment)
class InstalmentAdmin(RegistryAdmin):
    list_display = ("pole", "call", "planned_on", "amount_eur", "state", "paid_on", "reference")
    list_display_links = ("pole",)
    list_filter = (waiting_filter(waiting), "state")
    date_hierarchy = "planned_on"
    search_fields = (
        "application__pole__normalised_name__contains",
        "application__call__code__icontains",
        "reference__icontains",
    )
    search_help_text = "Nom du pôle, code de l’appel ou référence comptable."
    autocomplete_fields = ("application",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("application__pole", "application__call")

    @admin.display(description="pôle", ordering="application__pole__normalised_name")
    def pole(self, obj: Instalment) -> str:
        return str(obj.application.pole)

    @admin.display(description="appel", ordering="application__call__code")
    def call(self, obj: Instalment) -> str:
        return str(obj.application.call)
