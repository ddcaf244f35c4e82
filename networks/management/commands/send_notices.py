from typing import Any

from django.core.management.base import BaseCommand

from networks.notices import send_daily


class Command(BaseCommand):
    help = "Écrit à chaque compte qui le veut une fois par jour ce qui l’attend."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Courriels du jour : {send_daily()}.")
