from typing import Any

from django.core.management.base import BaseCommand

from core.sendings import forget_old_sendings


class Command(BaseCommand):
    help = "Efface les comptes des envois du public, au bout de deux jours."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Comptes des envois effacés : {forget_old_sendings()}.")
