from django.contrib import admin

from core.admin import ReadOnlyAdmin
from core.admin.waiting import waiting_filter
from poles.models import Proposal
from poles.waiting import waiting


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """A proposal is accepted where its values are applied, not here."""

    list_display = ("subject", "origin", "state", "created_at", "decided_at", "decided_by")
    list_display_links = ("subject",)
    list_filter = (waiting_filter(waiting), "state", "origin")
    list_select_related = ("pole", "organisation", "decided_by")
    search_fields = ("pole__name", "organisation__name")
    loaded_fields = ("pole", "organisation", "author", "decided_by")
    # What someone wrote, among which may be how to reach them.
    personal_columns = ("changes", "accepted", "message")

    @admin.display(description="pôle ou organisation")
    def subject(self, obj: Proposal) -> str:
        return str(obj.pole or obj.organisation)
