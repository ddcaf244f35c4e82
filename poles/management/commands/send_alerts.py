from typing import Any

from django.core.management.base import BaseCommand, CommandError

from poles.alert_mails import send_alerts


class Command(BaseCommand):
    help = "Écrit aux personnes qui suivent une région, un thème ou un pôle ce qui y a changé."

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_alerts()
        self.stdout.write(f"Alertes : {sent.mails} courriel(s), {sent.quiet} sans rien à dire.")
        if sent.failed:
            raise CommandError(f"{len(sent.failed)} alerte(s) n’ont pas pu être écrites.")
