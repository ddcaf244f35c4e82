"""Who is answered what, at every address of the site, reading and sending.

The table is in tests/permissions/table.py; a new address without a row in it fails here.
"""

import logging
import re
from typing import Any

import pytest
from django.urls import Resolver404, resolve

from tests.permissions.table import TABLE
from tests.permissions.walk import addresses, answered, path_of, rows_of
from tests.permissions.world import AUDITOR, PERSONS, build

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


@pytest.mark.django_db
def test_an_auditor_is_offered_nothing_that_is_refused() -> None:
    """No button but to search and to leave, and no link to a page that does not open."""
    world = build()
    named = {address.name: address for address in addresses()}
    wrong, pages = set(), 0
    for address in named.values():
        for row in rows_of(address, TABLE)[:1] if address.area.startswith("admin") else ():
            path = path_of(address, row, world)
            response = world.client(AUDITOR).get(path)
            html = response["Content-Type"].startswith("text/html")
            if response.status_code != 200 or not html or address.name == "admin:logout":
                continue
            pages += 1
            page = response.content.decode()
            for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL):
                if "logout-form" not in form and re.search(r'<button|type="submit"', form):
                    wrong.add(f"{path}: {form[:200]}")
            for found in set(re.findall(r'<a [^>]*href="(/[^"?#]*)', page)):
                try:
                    led = named.get(resolve(found).view_name)
                except Resolver404:
                    continue
                # The site's head, the same for all, has a door to the workspace.
                if (
                    led
                    and led.name != "workspace:dashboard"
                    and rows_of(led, TABLE)[0].letters("get", led.name)[AUDITOR] == "r"
                ):
                    wrong.add(f"{path}: {found}")
    assert not wrong, "\n".join(sorted(wrong))
    assert pages > 80
