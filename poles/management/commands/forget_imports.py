from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from poles.models import ImportRun

KEPT = timedelta(days=7)


class Command(BaseCommand):
    help = "Efface les fichiers importés et leur lecture, sept jours après leur dernier usage."

    def handle(self, *args: Any, **options: Any) -> None:
        old = ImportRun.objects.filter(moved_at__lt=timezone.now() - KEPT)
        # Its rows go with each; in one statement they would all be read first.
        pks = list(old.order_by("pk").values_list("pk", flat=True))
        for pk in pks:
            ImportRun.objects.filter(pk=pk).delete()
        self.stdout.write(f"Imports effacés : {len(pks)}.")
