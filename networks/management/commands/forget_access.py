from typing import Any

from django.core.management.base import BaseCommand

from networks.access import forget_old_requests
from networks.forgetting import forget_old_invitations


class Command(BaseCommand):
    help = "Efface les demandes d’accès après douze mois, les invitations un mois après leur fin."

    def handle(self, *args: Any, **options: Any) -> None:
        requests, invitations = forget_old_requests(), forget_old_invitations()
        self.stdout.write(f"Demandes d’accès effacées : {requests} ; invitations : {invitations}.")
