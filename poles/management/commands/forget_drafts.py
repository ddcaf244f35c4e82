from typing import Any

from django.core.management.base import BaseCommand

from poles.drafts import forget_old_drafts


class Command(BaseCommand):
    help = "Efface les brouillons auxquels personne n’est revenu (DRAFT_DAYS jours)."

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten = forget_old_drafts()
        self.stdout.write(f"Brouillons effacés : {forgotten}.")
