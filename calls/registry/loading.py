"""Loads the real poles, calls and networks from their files, in one transaction."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from calls.registry.mapping import DEFAULT_MAPPING, Mapping, read_mapping
from calls.registry.matching import TerritoryMatcher
from calls.registry.organisations import write_organisations
from calls.registry.plan import Plan
from calls.registry.planning import plan_poles
from calls.registry.poles import PoleWriter
from calls.registry.reading import read_files
from calls.registry.references import (
    write_calls,
    write_named_calls,
    write_networks,
    write_themes,
)
from calls.registry.report import Refusal, RegistryReport
from core.history import command_transaction
from core.tables import FileRefusedError, Table

COMMAND = "load_registry"
DEFAULT_SOURCE = Path(settings.BASE_DIR) / "data" / "registry"


class _RefusedByDatabaseError(Exception):
    """Undoes a pass some of whose poles the database refused."""

    def __init__(self, refused: list[Refusal]) -> None:
        self.refused = refused


def load_registry(
    source: str | Path = DEFAULT_SOURCE, mapping_folder: Path = DEFAULT_MAPPING
) -> RegistryReport:
    """Makes the registry say what the files say; raises FileRefusedError and changes nothing.

    A row that the checks or the database refuse is left out alone. Since a refused row must leave
    no organisation or word behind, the whole is then written again without it.
    """
    tables = read_files(Path(source))
    mapping = read_mapping(mapping_folder)
    refused: list[Refusal] = []
    with command_transaction(COMMAND):
        territories = TerritoryMatcher(
            [row["commune"] for row in tables[0]]
            + [entry.commune for entry in mapping.organisations.values()]
        )
        if not territories.regions:
            raise FileRefusedError(
                "Aucun territoire n’est connu : lancez d’abord la commande load_territories."
            )
        while True:
            try:
                with transaction.atomic():
                    report = _write(tables, mapping, territories, refused)
            except _RefusedByDatabaseError as error:
                refused += error.refused
            else:
                break
    report.refused.sort(key=lambda refusal: (refusal.file, refusal.line))
    return report


def _write(
    tables: tuple[Table, Table, Table],
    mapping: Mapping,
    territories: TerritoryMatcher,
    refused: list[Refusal],
) -> RegistryReport:
    poles, calls, networks = tables
    report = RegistryReport(refused=list(refused))
    for table in tables:
        report.count_empty(table)
        report.unknown_columns += [f"{table.name} : {name}" for name in table.unknown_columns]
    themes = write_themes(mapping)
    write_networks(networks, mapping, territories, report)
    write_calls(calls, mapping, report)
    plan = plan_poles(poles, mapping, territories, report, {refusal.line for refusal in refused})
    write_named_calls(plan, report)
    organisations = write_organisations(plan, report)
    report.poles.read = len(poles)
    newly_refused = PoleWriter(plan, themes, organisations).write(report, poles.name)
    if newly_refused:
        raise _RefusedByDatabaseError(newly_refused)
    _count(plan, report)
    return report


def _count(plan: Plan, report: RegistryReport) -> None:
    for pole in plan.poles:
        report.seats[pole.seat.get_kind_display() if pole.seat else "aucune"] += 1
        report.roles.update(member.role.label for member in pole.members)
        maturity = pole.fields.get("maturity")
        report.maturities[maturity.label if maturity else "non renseignée"] += 1
        if pole.own_person:
            report.roles["personne morale du pôle"] += 1
