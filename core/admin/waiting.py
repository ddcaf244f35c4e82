"""A filter of the rows that wait: the same that the front page counts."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.waiting import PARAMETER, Waits, of_model


class WaitingFilter(admin.SimpleListFilter):
    title = "ce qui attend"
    parameter_name = PARAMETER
    waiting: Callable[[], Iterable[Waits]]

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.found = of_model(type(self).waiting(), model)
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(each.slug, each.title) for each in self.found.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        waits = self.found.get(self.value() or "")
        return queryset.filter(pk__in=waits.rows.order_by().values("pk")) if waits else None


def waiting_filter(waiting: Callable[[], Iterable[Waits]]) -> type[WaitingFilter]:
    """``waiting``: what a room says waits, of any model."""
    return type("RoomWaitingFilter", (WaitingFilter,), {"waiting": staticmethod(waiting)})
