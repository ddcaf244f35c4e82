import logging
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

# What the calendar asks for, in this order; each can be run by itself and again.
SCHEDULED = (
    "check_composition",
    "remind_following",
    "send_notices",
    "refresh_catalogue",
    "send_alerts",
    "send_pole_links",
    "forget",
)
_logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Tout ce qui se fait chaque nuit."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name in SCHEDULED:
            try:
                call_command(name, stdout=self.stdout)
            except Exception as error:
                # The others have nothing to do with it; the failure is told, and ends the command.
                self.stderr.write(f"{name} : {error or type(error).__name__}")
                _logger.exception("%s n’a pas abouti.", name)
                failed.append(name)
                # Nor with a connection that broke in it.
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
        if failed:
            raise CommandError(f"N’ont pas abouti : {', '.join(failed)}.")
