"""Loads the territories: one transaction, only what changed, never what a person corrected."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.history import command_transaction
from core.tables import FileRefusedError
from territories.models import TerritoryKind
from territories.places import Places, give_positions
from territories.sources import DEFAULT_SOURCE, read_places

COMMAND = "load_territories"
_SQL = Path(settings.BASE_DIR) / "territories" / "sql"
# A truncated answer looks like thousands of communes that vanish overnight.
_PLAUSIBLE_LOSS = 0.05

Named = tuple[str, str]


@dataclass
class KindReport:
    """Codes and names of one kind of territory, by what the load made of them."""

    read: int = 0
    added: list[Named] = field(default_factory=list)
    changed: list[Named] = field(default_factory=list)
    gone: list[Named] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        return self.read - len(self.added) - len(self.changed)


@dataclass
class TerritoriesReport:
    kinds: dict[str, KindReport] = field(default_factory=dict)
    exact: int = 0
    approximate: int = 0

    @property
    def moved(self) -> int:
        return sum(len(k.added) + len(k.changed) + len(k.gone) for k in self.kinds.values())


def load_territories(
    source: str | Path = DEFAULT_SOURCE, *, accept_losses: bool = False
) -> TerritoriesReport:
    """Makes the territories those of ``source``; raises FileRefusedError and changes nothing."""
    places = read_places(source)
    give_positions(places)
    report = TerritoriesReport()
    report.exact = sum(not commune.approximate for commune in places.communes)
    report.approximate = len(places.communes) - report.exact
    with command_transaction(COMMAND):
        _copy(places)
        _expect_many_rows()
        for kind, brought in (
            (TerritoryKind.REGION, places.regions),
            (TerritoryKind.EPCI, places.epcis),
            (TerritoryKind.DEPARTEMENT, places.departements),
            (TerritoryKind.COMMUNE, places.communes),
        ):
            part = report.kinds[kind.value] = KindReport(read=len(brought))
            part.added = _run("load_add.sql", kind=kind.value)
            part.changed = _run("load_change.sql", kind=kind.value)
        # Communes go before the EPCI that they leave.
        for kind_value, part in reversed(report.kinds.items()):
            part.gone = _run("load_gone.sql", kind=kind_value, today=timezone.localdate())
            if not accept_losses:
                _refuse_implausible(kind_value, part)
        former = report.kinds["former"] = KindReport(read=len(places.former))
        former.added = _run("load_former_add.sql")
        former.changed = _run("load_former_change.sql")
    return report


def _refuse_implausible(kind: str, part: KindReport) -> None:
    if len(part.gone) > 10 and len(part.gone) > _PLAUSIBLE_LOSS * (part.read + len(part.gone)):
        label = TerritoryKind(kind).label
        raise FileRefusedError(
            f"{len(part.gone)} territoires connus ({label}) manquent à cette source, qui n’en "
            f"donne que {part.read} : elle est sans doute incomplète. Si elle ne l’est pas, "
            "relancez avec --accepter-pertes."
        )


def _expect_many_rows() -> None:
    """Has the triggers' statements planned for tens of thousands of rows.

    They keep the plan of their first execution: made for the few régions, it compared each old
    row of the communes with each new one.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
        cursor.execute("SET LOCAL enable_nestloop = off")


def _copy(places: Places) -> None:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / "load_incoming.sql").read_text(encoding="utf-8"))
        with cursor.copy("COPY incoming_territory FROM STDIN") as copy:
            for place in places:
                copy.write_row(
                    (
                        place.kind.value,
                        place.code,
                        place.name,
                        place.slug,
                        place.zone,
                        place.epci_type,
                        place.postal_codes,
                        place.population,
                        place.latitude,
                        place.longitude,
                        place.approximate,
                        place.region,
                        place.departement,
                        place.epci,
                    )
                )
        with cursor.copy("COPY incoming_former FROM STDIN") as copy:
            for former in places.former:
                copy.write_row((former.code, former.name, former.kind, former.commune))
        cursor.execute("ANALYZE incoming_territory, incoming_former")


def _run(file: str, **parameters: str | date) -> list[Named]:
    with connection.cursor() as cursor:
        cursor.execute((_SQL / file).read_text(encoding="utf-8"), parameters)
        return cursor.fetchall()
