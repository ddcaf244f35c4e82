from typing import Any

from django.core.management.base import BaseCommand

from poles.proposal_mails import forget_addresses
from poles.reports import forget_authors


class Command(BaseCommand):
    help = "Efface les adresses que le public a laissées il y a plus de douze mois."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Adresses du public effacées : {forget_addresses() + forget_authors()}.")
