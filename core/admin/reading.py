from typing import Any

from django.http import HttpRequest

from core.admin.base import RegistryAdmin


class ReadOnlyAdmin(RegistryAdmin):
    """What is written elsewhere, or once for all, is looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
