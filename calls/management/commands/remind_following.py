from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from calls.reminding import remind


class Command(BaseCommand):
    help = "Écrit aux agents du ministère ce qui arrive à échéance après les aides, une seule fois."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Échéances dites aux agents : {remind(timezone.localdate())}.")
