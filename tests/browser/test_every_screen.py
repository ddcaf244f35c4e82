"""axe on each page of the workspace and of accounts, walked as the table of rights is."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings_of
from tests.browser.signing import sign_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# For each address that somebody opens: who opens it, and its path; each section, and an import that
# is ready, come beside those of the table.
_PAGES = """
import json
from core.sheets import open_book
from poles.models import ImportRun
from poles.record import SECTIONS
from tests.permissions.table import TABLE
from tests.permissions.walk import addresses, path_of, rows_of
from tests.permissions.world import build
from workspace.imports.planning import plan
from workspace.imports.recognising import recognise

world = build()
found = {}

def look(area, person, path):
    found.setdefault(area, []).append([person, path])

editor = world.people[1]
content = "Nom;Sigle\\nUn pôle neuf;PN\\nUn autre;=1+1\\n".encode()
sources = [each.as_json() for each in recognise(open_book(content, "essai.csv"))]
run = ImportRun.objects.create(author=editor, network=world.network, file_name="essai.csv",
    content=content, sources=sources, options={"separator": ";", "erases": False}, state="lecture")
plan(run, editor)
ImportRun.objects.filter(pk=run.pk).update(state="pret")
look("records", 1, f"/espace/imports/{run.pk}/")
for slug in SECTIONS:
    look("sections", 6, f"/espace/poles/{world.records['published'].pk}/{slug}/")
for address in addresses():
    if address.area not in ("espace", "compte"):
        continue
    seen = set()
    for row in rows_of(address, TABLE):
        people = [n for n in (0, 6, 5, 4, 1) if row.get[n] == "o"]
        path = path_of(address, row, world)
        # The same page of a record in another state is looked at once.
        kind = row.arguments.get("slug")
        if people and kind not in seen:
            seen.add(kind)
            area = address.area if address.area == "compte" else (
                "records" if "/<int:pk>/" in address.route else "espace")
            look(area, people[0], path)
print(json.dumps([[user.email if user else "" for user in world.people], found]))
"""


@pytest.fixture(scope="module")
def made(own_site: OwnSite) -> tuple[list[str], dict[str, list[tuple[int, str]]]]:
    """The addresses of the people, and the pages of each area."""
    people, found = json.loads(own_site.run(_PAGES).splitlines()[-1])
    return people, found


# At least so many pages of each: the walk does not pass by what it is to look at.
AREAS = {"sections": 10, "records": 12, "espace": 11, "compte": 15}


@pytest.mark.parametrize("area", AREAS)
def test_axe_finds_nothing(
    area: str, made: Any, own_site: OwnSite, new_page: Callable[..., Page]
) -> None:
    people, found = made
    pages: dict[int, Page] = {}
    wrong, looked_at = [], 0
    for person, path in found[area]:
        if person not in pages:
            pages[person] = new_page(viewport={"width": 1280, "height": 900})
            if people[person]:
                sign_in(pages[person], people[person], own_site.environment["DATABASE_URL"])
        page = pages[person]
        if not is_page(page, path):
            continue
        page.goto(path, wait_until="load")
        wrong += [f"{path} {each}" for each in findings_of(page)]
        looked_at += 1
    assert not wrong, "\n".join(wrong)
    assert looked_at >= AREAS[area]


def is_page(page: Page, path: str) -> bool:
    """Neither a file, nor a piece of a page, nor a way to another."""
    answer = page.request.get(path, max_redirects=0)
    return answer.status == 200 and "<!DOCTYPE html>" in answer.text()[:200]
