from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from calls.models import PlatformImport

KEPT = timedelta(days=7)


class Command(BaseCommand):
    help = "Efface les exports de la plateforme de dépôt, sept jours après leur dernier usage."

    def handle(self, *args: Any, **options: Any) -> None:
        old = PlatformImport.objects.filter(moved_at__lt=timezone.now() - KEPT)
        number, _ = old.delete()
        self.stdout.write(f"Exports de la plateforme effacés : {number}.")
