"""Versions made by transactions that cross each other: their order is that of the locks."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.real_data import database_of_its_own

pytestmark = pytest.mark.django_db

THEME = (
    "INSERT INTO poles_poletheme (pole_id, theme_id) SELECT %s, id FROM poles_theme t"
    " WHERE NOT EXISTS (SELECT FROM poles_poletheme WHERE pole_id = %s AND theme_id = t.id)"
    " ORDER BY id LIMIT 1"
)
SOURCE = "INSERT INTO poles_polesource (pole_id, url) VALUES (%s, 'https://exemple.invalid/une')"
PROJECT = (
    "INSERT INTO poles_poleproject (pole_id, title, description, pooled, state)"
    " VALUES (%s, 'Un projet', '', '{}', '')"
)
READ = """
import django, json, sys
django.setup()
from poles.models import Pole
from poles.record.versions import values_at
pole = Pole.objects.get(pk=sys.argv[1])
read = {n: values_at(pole, n) for n in range(int(sys.argv[2]), pole.version + 1)}
print(json.dumps({
    n: [
        len(v["themes"]),
        sum(key.startswith("sources/") for key in v),
        sum(key.startswith("projects/") for key in v),
    ]
    for n, v in read.items()
}))
"""


def one(connection: psycopg.Connection, sql: str, *given: Any) -> tuple[Any, ...]:
    row = connection.execute(sql, given).fetchone()
    assert row is not None
    return row


@dataclass
class Crossing:
    """Two connections, and the pole that both change; ``version`` is where a test began."""

    address: str
    first: psycopg.Connection
    second: psycopg.Connection
    pole: int
    version: int = 0

    def begin(self) -> None:
        self.first.execute("DELETE FROM poles_polesource WHERE pole_id = %s", [self.pole])
        (self.version,) = one(self.first, "SELECT version FROM poles_pole WHERE id = %s", self.pole)
        self.first.commit()

    def counts(self) -> list[list[int]]:
        """Of each version since the beginning: how many themes, sources and projects it has."""
        done = subprocess.run(
            [sys.executable, "-c", READ, str(self.pole), str(self.version)],
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "ptce_registry.settings", "DATABASE_URL": self.address},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout).values())


@pytest.fixture(scope="module")
def crossing(django_db_setup: None) -> Iterator[Crossing]:
    with (
        database_of_its_own() as address,
        psycopg.connect(address) as first,
        psycopg.connect(address) as second,
    ):
        (pole,) = one(first, "SELECT min(id) FROM poles_pole")
        yield Crossing(address, first, second, pole)
        first.rollback()
        second.rollback()


def test_who_began_first_and_ended_last_is_the_last(crossing: Crossing) -> None:
    pole, first, second = crossing.pole, crossing.first, crossing.second
    crossing.begin()
    (begun,) = one(first, "SELECT now()")
    second.execute(SOURCE, [pole])
    second.commit()
    first.execute(PROJECT, [pole])
    first.commit()
    start, *after = crossing.counts()
    assert after == [[start[0], 1, start[2]], [start[0], 1, start[2] + 1]]
    # Their times alone would have said the other order.
    times = one(
        first,
        "SELECT (SELECT max(pgh_created_at) FROM poles_poleprojectevent WHERE pole_id = %s),"
        " (SELECT max(pgh_created_at) FROM poles_polesourceevent WHERE pole_id = %s)",
        *(pole, pole),
    )
    first.rollback()
    assert begun == times[0] < times[1]


def test_who_waits_for_the_lock_is_numbered_after_it(crossing: Crossing) -> None:
    pole, first, second = crossing.pole, crossing.first, crossing.second
    crossing.begin()
    first.execute(PROJECT, [pole])

    def follow() -> None:
        second.execute(SOURCE, [pole])
        second.commit()

    other = threading.Thread(target=follow)
    other.start()
    other.join(0.5)
    assert other.is_alive(), "the second did not wait for the first"
    first.execute(THEME, [pole, pole])
    first.commit()
    other.join(20)
    start, *after = crossing.counts()
    assert after == [
        [start[0], 0, start[2] + 1],
        [start[0] + 1, 0, start[2] + 1],
        [start[0] + 1, 1, start[2] + 1],
    ]
