from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.registry.loading import DEFAULT_SOURCE, load_registry
from calls.registry.report import describe
from core.tables import FileRefusedError


class Command(BaseCommand):
    help = "Charge les pôles, appels et réseaux réels ; se relance sans risque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source",
            default=str(DEFAULT_SOURCE),
            help="dossier de poles.csv, calls.csv et networks.csv",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_registry(options["source"])
        except FileRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(describe(report))
