import logging
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from catalogue.personal.table import night_steps

_logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Efface ce dont la durée est passée, selon la table des données personnelles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="nom")

    def handle(self, *args: Any, **options: Any) -> None:
        known, failed = night_steps(), []
        unknown = sorted(set(options["names"]) - set(known))
        if unknown:
            raise CommandError(f"Inconnu : {', '.join(unknown)}. Connus : {', '.join(known)}.")
        for name in options["names"] or known:
            try:
                self.stdout.write(f"{name} : {known[name]()} oublié(s).")
            except Exception as error:
                # What one row keeps too long is no reason for the others to.
                self.stderr.write(f"{name} : {error or type(error).__name__}")
                _logger.exception("%s n’a pas été oublié.", name)
                failed.append(name)
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
        if failed:
            raise CommandError(f"N’ont pas été oubliés : {', '.join(failed)}.")
