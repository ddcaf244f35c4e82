from typing import Any

from django.core.management.base import BaseCommand

from core.admin.exchange.waiting import forget_waiting_files


class Command(BaseCommand):
    help = "Efface les fichiers envoyés à l’administration que personne n’a importés."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Fichiers en attente effacés : {forget_waiting_files()}.")
