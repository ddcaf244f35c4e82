"""Registry files to load in tests: the real calls and networks, and poles written in the test."""

import csv
from pathlib import Path
from typing import Any

from calls.models import Application, Call, Strand
from calls.registry.loading import DEFAULT_SOURCE
from calls.registry.reading import POLE_COLUMNS
from core.history import command_transaction
from members.models import FactEvidence, Organisation
from networks.models import Network
from poles.models import Pole, Theme

FILES = ("poles.csv", "calls.csv", "networks.csv")
# What a load may write, each with what the load is asked never to touch again without reason.
WRITTEN = (Theme, Network, Call, Strand, Organisation, FactEvidence, Pole, Application)


def real_copy(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_bytes((DEFAULT_SOURCE / name).read_bytes())
    return folder


def pole_file(folder: Path, *poles: dict[str, str]) -> Path:
    """The real files, but for the poles, which are ``poles``: an absent column is an empty one."""
    real_copy(folder)
    with (folder / "poles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, POLE_COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(poles)
    return folder


def a_pole(**cells: str) -> dict[str, str]:
    return {
        "name": "Pôle d’essai",
        "region": "Bretagne",
        "source_url": "https://exemple.test/page",
        **cells,
    }


def empty_registry() -> None:
    """Takes away what the real load wrote, as a command would: no one deleted it by hand."""
    with command_transaction("tests"):
        Application.objects.all().delete()
        Pole.objects.all().delete()
        Organisation.objects.all().delete()
        Call.objects.all().delete()
        Network.objects.all().delete()
        Theme.objects.all().delete()


def history_sizes() -> dict[str, int]:
    return {
        model.__name__: model.pgh_event_model.objects.count()  # type: ignore[attr-defined]
        for model in WRITTEN
    }


def versions() -> dict[str, Any]:
    return {
        f"{model.__name__} {pk}": version
        for model in (Pole, Organisation)
        for pk, version in model.objects.values_list("pk", "version")
    }
