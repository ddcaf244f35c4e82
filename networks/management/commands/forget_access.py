from typing import Any

from django.core.management.base import BaseCommand

from networks.access import forget_old_requests


class Command(BaseCommand):
    help = "Efface les demandes d’accès au bout de douze mois."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Demandes d’accès effacées : {forget_old_requests()}.")
