from django.core.management.base import BaseCommand, CommandParser

from catalogue.refreshing import refresh_everything, refresh_what_time_changed


class Command(BaseCommand):
    help = "Met à jour l’index de recherche pour ce que le calendrier seul a changé."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="toutes les fiches, sans exception")

    def handle(self, *args: object, **options: object) -> None:
        refreshed = refresh_everything() if options["all"] else refresh_what_time_changed()
        self.stdout.write(f"Fiches remises à jour dans l’index : {refreshed}.")
