from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import RegistryAdmin
from poles.models import Proposal


@admin.register(Proposal)
class ProposalAdmin(RegistryAdmin):
    """To be read only: a proposal is accepted where its values are applied, not here."""

    list_display = ("subject", "origin", "state", "created_at", "decided_at", "decided_by")
    list_display_links = ("subject",)
    list_filter = ("state", "origin")
    list_select_related = ("pole", "organisation", "decided_by")
    search_fields = ("pole__name", "organisation__name")
    loaded_fields = ("pole", "organisation", "author", "decided_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="pôle ou organisation")
    def subject(self, obj: Proposal) -> str:
        return str(obj.pole or obj.organisation)
