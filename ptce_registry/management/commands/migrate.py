from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as MigrateCommand

from ptce_registry.roles import as_owner, grant_rights, has_owner, index_history


class Command(MigrateCommand):
    """Migrations are the owner's; the application's role is given its rights after each."""

    def handle(self, *args: Any, **options: Any) -> None:
        if not (has_owner() or settings.DEVELOPMENT):
            raise CommandError(
                "DATABASE_OWNER_URL manque\u00a0: les tables appartiennent à un autre compte que "
                "celui des pages. Voir README.md, «\u00a0En production\u00a0»."
            )
        with as_owner():
            super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        index_history()
        grant_rights()
