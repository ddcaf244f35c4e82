from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

# What the calendar asks for, in this order; each can be run by itself and again.
SCHEDULED = (
    "check_composition",
    "refresh_catalogue",
    "clearsessions",
    "prune_db_task_results",
)


class Command(BaseCommand):
    help = "Tout ce qui se fait chaque nuit."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name in SCHEDULED:
            try:
                call_command(name, stdout=self.stdout)
            except Exception as error:
                # The others have nothing to do with it; the failure is told, and ends the command.
                self.stderr.write(f"{name} : {error}")
                failed.append(name)
        if failed:
            raise CommandError(f"N’ont pas abouti : {', '.join(failed)}.")
