from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import RegistryAdmin
from poles.admin.inlines import FiguresInline, PooledForm
from poles.models import PoleFigures, PoleProject, PoleProjectMember, Study, StudyPole


@admin.register(PoleProject)
class PoleProjectAdmin(RegistryAdmin):
    form = PooledForm
    list_display = ("title", "pole", "state", "begins_on", "ends_on")
    list_filter = ("state",)
    list_select_related = ("pole",)
    search_fields = ("title", "pole__name")
    autocomplete_fields = ("pole", "members")
    history_parts = (PoleProjectMember,)


@admin.register(PoleFigures)
class PoleFiguresAdmin(RegistryAdmin):
    list_display = (
        "pole",
        "year",
        "jobs_fte",
        "local_jobs_fte",
        "members",
        "turnover_eur",
        "beneficiaries",
    )
    list_filter = ("year",)
    list_select_related = ("pole",)
    search_fields = ("pole__name", "year")
    autocomplete_fields = ("pole",)
    fields = ("pole", *FiguresInline.fields)


@admin.register(Study)
class StudyAdmin(RegistryAdmin):
    list_display = ("title", "authors", "year", "named_poles")
    list_filter = ("year",)
    search_fields = ("title", "authors", "poles__name")
    autocomplete_fields = ("poles",)
    history_parts = (StudyPole,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("poles")

    @admin.display(description="pôles")
    def named_poles(self, obj: Study) -> str:
        return ", ".join(pole.name for pole in obj.poles.all())
