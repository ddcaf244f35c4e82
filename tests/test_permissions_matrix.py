"""Who is answered what, at every address of the site, reading and sending.

The table is in tests/permissions/table.py; a new address without a row in it fails here.
"""

import logging
from typing import Any

import pytest

from tests.permissions.table import TABLE
from tests.permissions.walk import addresses, answered, path_of, rows_of
from tests.permissions.world import PERSONS, build

AREAS = sorted({address.area for address in addresses()})


@pytest.mark.django_db
@pytest.mark.parametrize("area", AREAS)
def test_who_is_answered_what(area: str, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    # The State's register is down, which is no one's right.
    settings.REGISTER_URL = "http://127.0.0.1:9/"
    # A line for each refusal would bury the few that matter.
    caplog.set_level(logging.ERROR, "django.request")
    world = build()
    wrong = []
    for address in addresses():
        for row in rows_of(address, TABLE) if address.area == area else ():
            path = path_of(address, row, world)
            for method in ("get", "post"):
                expected = row.letters(method, address.name)
                found = "".join(answered(world, n, method, path) for n in range(len(PERSONS)))
                if found != expected:
                    wrong.append(f"{method.upper():5}{row}: {found} rather than {expected}  {path}")
    assert not wrong, "\n".join(wrong)


def test_every_address_has_its_row() -> None:
    without = [address.name for address in addresses() if not rows_of(address, TABLE)]
    assert without == []


def test_every_row_has_its_address() -> None:
    used = {id(row) for address in addresses() for row in rows_of(address, TABLE)}
    assert [str(row) for row in TABLE if id(row) not in used] == []
