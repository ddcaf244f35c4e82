"""Five hundred rows in seconds, ten thousand in little memory: measured in a process of its own."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.real_data import database_of_its_own

_RUN = """
import django; django.setup()
from tests.workspace.imports.big import tell; tell({})
"""
pytestmark = pytest.mark.django_db


def measured(rows: int) -> dict[str, Any]:
    with database_of_its_own() as database:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
            "DATABASE_URL": database,
        }
        done = subprocess.run(
            [sys.executable, "-c", _RUN.format(rows)],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["state"], told["made"]) == ("fait", rows), told
    assert told["counts"] == {"poles": {"cree": rows}}
    return told


def test_five_hundred_rows_within_ten_seconds() -> None:
    told = measured(500)
    # Of the processor: another test may have the machine meanwhile.
    assert told["processor_seconds"] < 10, told


def test_ten_thousand_rows_within_three_hundred_megabytes() -> None:
    assert measured(10_000)["megabytes"] < 300
