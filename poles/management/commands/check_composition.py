from typing import Any

from django.core.management.base import BaseCommand

from core.history import command_transaction
from poles.recognition import (
    broken_by_time,
    overdue,
    refresh_stale_verdicts,
    regularise_if_broken,
)


class Command(BaseCommand):
    help = (
        "Passe en régularisation les pôles reconnus dont le calendrier seul a rompu la "
        "composition, prévient une fois les personnes concernées, et recalcule les verdicts dont "
        "le terme est passé."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        moved = 0
        for pole in broken_by_time():
            # A transaction each: one that fails undoes no other.
            with command_transaction("check_composition"):
                if regularise_if_broken(pole):
                    moved += 1
                    self.stdout.write(f"En régularisation : {pole.name}")
        refreshed = refresh_stale_verdicts()
        late = list(overdue())
        for pole in late:
            self.stdout.write(f"Délai dépassé, décision attendue : {pole.name}")
        self.stdout.write(
            f"Compositions : {moved} passée(s) en régularisation, {len(late)} délai(s) dépassé(s), "
            f"{refreshed} verdict(s) recalculé(s)."
        )
