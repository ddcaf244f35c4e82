from typing import Any

from django.core.management.base import BaseCommand

from poles.voice import send_yearly


class Command(BaseCommand):
    help = (
        "Envoie une fois par an à chaque pôle le lien par lequel il confirme ou corrige sa fiche."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Liens envoyés aux pôles : {send_yearly()}.")
