"""What is done apart from the pages, in the admin of the administrators."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.http import HttpRequest, HttpResponse
from django.tasks import TaskResultStatus
from django.utils.html import format_html
from django_tasks_db.models import get_date_max

from core.models import BackgroundTask
from core.tasks import send_mail
from core.templatetags.french import moment
from workspace.imports.running import read_in_background, write_in_background

_NAMES = {
    send_mail.module_path: "Envoi d’un courriel",
    read_in_background.module_path: "Lecture d’un tableur",
    write_in_background.module_path: "Écriture d’un tableur",
}


def name_of_task() -> Case:
    """Of a task in a query; of one that the site no longer has, its path."""
    known = (When(task_path=path, then=Value(name)) for path, name in _NAMES.items())
    return Case(*known, default=F("task_path"), output_field=TextField())


class _OneValue(admin.SimpleListFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        chosen = self.value()
        # Only what is offered: an address that asks for something else shows the whole list.
        offered = {value for value, _ in self.lookup_choices}
        return queryset.filter(**{self.column: chosen}) if chosen in offered else None  # type: ignore[attr-defined]


class StatusFilter(_OneValue):
    title = "état"
    parameter_name = "etat"
    column = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return TaskResultStatus.choices


class KindFilter(_OneValue):
    title = "tâche"
    parameter_name = "tache"
    column = "task_path"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return _NAMES.items()


@admin.register(BackgroundTask)
class BackgroundTaskAdmin(admin.ModelAdmin):
    list_display = ("kind", "about", "state", "asked", "started", "ended")
    list_filter = (StatusFilter, KindFilter)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-enqueued_at",)
    actions = ("again",)
    search_fields = ("args_kwargs",)
    search_help_text = "Une adresse, ou des mots de l’objet d’un courriel."
    fields = (
        *("kind", "about", "state", "asked", "not_before", "started", "ended"),
        *("failure", "trace"),
    )
    readonly_fields = fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A task holds the mail that it sends."""
        return bool(getattr(request.user, "is_administrator", False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {**(extra_context or {}), "title": "Tâches de fond"}
        )

    @admin.action(description="Relancer celles qui ont échoué", permissions=["view"])
    def again(self, request: HttpRequest, queryset: QuerySet[BackgroundTask]) -> None:
        """The worker takes them up at its next look; the others stay as they are."""
        number = queryset.filter(status=TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY,
            run_after=get_date_max(),
            started_at=None,
            finished_at=None,
        )
        if number:
            self.message_user(request, f"Tâches relancées\u00a0: {number}.", messages.SUCCESS)
        else:
            self.message_user(request, "Aucune des tâches choisies n’a échoué.", messages.WARNING)

    @admin.display(description="tâche", ordering="task_path")
    def kind(self, obj: BackgroundTask) -> str:
        return _NAMES.get(obj.task_path, obj.task_path)

    @admin.display(description="ce qu’elle porte")
    def about(self, obj: BackgroundTask) -> str:
        """Of a mail, neither its text nor its links: they may open an account."""
        given = obj.args_kwargs.get("args", [])
        if obj.task_path == send_mail.module_path and len(given) > 1:
            to, subject, *_ = given
            return f"{subject}, à {to}"
        return json.dumps(given, ensure_ascii=False)

    @admin.display(description="état", ordering="status")
    def state(self, obj: BackgroundTask) -> str:
        return obj.get_status_display()

    @admin.display(description="demandée le", ordering="enqueued_at")
    def asked(self, obj: BackgroundTask) -> str:
        return moment(obj.enqueued_at) or "-"

    @admin.display(description="pas avant le")
    def not_before(self, obj: BackgroundTask) -> str:
        return "-" if obj.run_after == get_date_max() else moment(obj.run_after)

    @admin.display(description="commencée le", ordering="started_at")
    def started(self, obj: BackgroundTask) -> str:
        return moment(obj.started_at) or "-"

    @admin.display(description="terminée le", ordering="finished_at")
    def ended(self, obj: BackgroundTask) -> str:
        return moment(obj.finished_at) or "-"

    @admin.display(description="erreur")
    def failure(self, obj: BackgroundTask) -> str:
        return obj.exception_class_path or "-"

    @admin.display(description="trace de l’erreur")
    def trace(self, obj: BackgroundTask) -> str:
        return format_html("<pre>{}</pre>", obj.traceback) if obj.traceback else "-"
