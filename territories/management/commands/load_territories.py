from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.tables import FileRefusedError
from territories.loading import KindReport, TerritoriesReport, load_territories
from territories.sources import DEFAULT_SOURCE

_LABELS = {
    "region": "régions",
    "departement": "départements",
    "epci": "EPCI",
    "commune": "communes",
    "former": "anciennes communes",
}
_NAMED = 15


class Command(BaseCommand):
    help = "Charge les régions, départements, EPCI et communes ; se relance sans risque."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source",
            default=str(DEFAULT_SOURCE),
            help="dossier des fichiers, fichier JSON de l’API Géo, ou adresse de cette API",
        )
        parser.add_argument(
            "--accepter-pertes",
            action="store_true",
            help="charge même si plus de 5 %% des territoires connus manquent à la source",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_territories(options["source"], accept_losses=options["accepter_pertes"])
        except FileRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(describe(report))


def describe(report: TerritoriesReport) -> str:
    heads = "".join(
        f"{head:>11}" for head in ("lus", "ajoutés", "modifiés", "disparus", "inchangés")
    )
    lines = [f"{'Territoires':<20}{heads}"]
    for kind, label in _LABELS.items():
        part = report.kinds[kind]
        numbers = (
            part.read,
            len(part.added),
            len(part.changed),
            len(part.gone),
            part.unchanged,
        )
        lines.append(f"{label:<20}" + "".join(f"{number:>11}" for number in numbers))
    lines.append(
        f"Position des communes : {report.exact} propres, {report.approximate} approximatives "
        "(déduites de leurs voisines)."
    )
    for kind, label in _LABELS.items():
        lines.extend(_details(label, report.kinds[kind]))
    return "\n".join(lines)


def _details(label: str, part: KindReport) -> list[str]:
    """Names what moved, unless it is the first load, where everything did."""
    details = []
    for what, named in (
        ("ajoutés", part.added if len(part.added) < part.read else []),
        ("modifiés", part.changed),
        ("disparus", part.gone),
    ):
        if named:
            shown = ", ".join(f"{name} ({code})" for code, name in named[:_NAMED])
            more = f" et {len(named) - _NAMED} autres" if len(named) > _NAMED else ""
            details.append(f"{label}, {what} : {shown}{more}")
    return details
