"""In a process and a database of its own: imports a table of many rows; tells what it took."""

import json
import re
import sys
import time
from pathlib import Path

from core.sheets import open_book
from networks.models import NetworkStaff, User
from poles.models import ImportRun, Pole
from tests.factories import NetworkFactory
from tests.spreadsheets import workbook
from workspace.imports.recognising import recognise
from workspace.imports.running import (
    begin_reading,
    begin_writing,
    read_in_background,
    write_in_background,
)

_SYLLABLES = "ba co di fu ga le mi no pu ra si to va ze bri clo dra flu gre pla".split()


def name(number: int) -> str:
    """Names unlike one another, the same at every run."""
    words = []
    for factor in (7919, 104_729, 15_485_863):
        part = number * factor % 3_200_000
        words.append("".join(_SYLLABLES[part // 20**place % 20] for place in range(5)))
    return " ".join(words)


def table(rows: int) -> bytes:
    head = ["Nom", "Commune", "Département", "Année", "Résumé", "Site", "Membres"]
    member = "Les Quais d’essai|association"
    return workbook(
        [
            head,
            *(
                [name(n), "Vannes", "56", 2000 + n % 25, f"Résumé {n}", "www.exemple.fr", member]
                for n in range(rows)
            ),
        ]
    )


def _most_megabytes() -> int:
    """The most memory that this process held; getrusage would count its parent's before it."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0]) // 1024


def main(rows: int) -> dict[str, object]:
    user = User.objects.create_user("import@exemple.invalid", "x" * 20)
    network = NetworkFactory()
    NetworkStaff.objects.create(user=user, network=network, role="responsable")
    raw = table(rows)
    run = ImportRun.objects.create(author=user, network=network, file_name="g.xlsx", content=raw)
    begun, spent = time.monotonic(), time.process_time()
    begin_reading(run, recognise(open_book(raw, "g.xlsx")), {"separator": ";", "erases": False})
    read_in_background.call(run.pk)
    read = time.monotonic() - begun
    run.refresh_from_db()
    begin_writing(run)
    write_in_background.call(run.pk)
    run.refresh_from_db()
    return {
        "state": run.state,
        "counts": run.counts,
        "made": Pole.objects.filter(reference_network=network).count(),
        "read_seconds": read,
        "seconds": time.monotonic() - begun,
        "processor_seconds": time.process_time() - spent,
        "megabytes": _most_megabytes(),
    }


def tell(rows: int) -> None:
    sys.stdout.write(json.dumps(main(rows)))
