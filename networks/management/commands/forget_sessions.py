from typing import Any

from django.core.management.base import BaseCommand

from networks.forgetting import forget_ended_sessions, forget_expired_cache


class Command(BaseCommand):
    help = "Efface ce qui reste des sessions finies, des essais comptés et des réponses gardées."

    def handle(self, *args: Any, **options: Any) -> None:
        sessions, kept = forget_ended_sessions(), forget_expired_cache()
        self.stdout.write(f"Sessions finies effacées : {sessions} ; gardés pour un temps : {kept}.")
