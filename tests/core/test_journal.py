"""The journal: who did what in every table, searched, paged and taken away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import journal
from core.admin import journal as pages
from core.sheets import open_book
from networks.models import User
from poles.models import Pole, Theme
from tests import factories as made
from tests.breaking import as_server, rows, run, update

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/journal/"
# Before anything that was loaded, so that a day holds what a test did and nothing else.
DAY = datetime(2019, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def auditor(client: Client) -> Client:
    client.force_login(made.UserFactory(auditor=True))
    return client


@pytest.fixture
def officer() -> User:
    return made.UserFactory(officer=True, full_name="Anne Le Goff")


def happened(at: datetime) -> None:
    """All that this transaction did, happened then."""
    moved = "SET session_replication_role = replica;"
    for model in journal.tracked_models():
        table = model.pgh_event_model._meta.db_table
        moved += f"UPDATE {table} SET pgh_created_at = '{at}' WHERE pgh_created_at = now();"
    moved += f"UPDATE pghistory_context SET created_at = '{at}' WHERE created_at = now();"
    with as_server():
        run(moved + "SET session_replication_role = origin")


def read(client: Client, **asked: str) -> tuple[Any, str]:
    response = client.get(ADDRESS, {"du": "2019-03-01", "au": "2019-03-31", **asked})
    assert response.status_code == 200
    html = response.content.decode()
    return response.context["entries"], html


def test_it_says_who_did_what_to_what_and_why(auditor: Client, officer: User) -> None:
    pole = made.PoleFactory(name="Pôle du Val")
    happened(DAY - timedelta(days=1))
    with pghistory.context(user=officer.pk, why="Appel du pôle"):
        update(pole, summary="Un nouveau résumé")
    happened(DAY)
    (latest, first), html = read(auditor)
    ((line, address),) = latest.lines
    assert (latest.entry.who, latest.entry.why) == ("Anne Le Goff", "Appel du pôle")
    assert (line.verb, line.subject) == ("modification", "pôle « Pôle du Val »")
    assert [(c.label, c.after) for c in line.changes] == [("résumé", "Un nouveau résumé")]
    assert address == f"/admin/poles/pole/{pole.pk}/history/"
    assert first.entry.who == "hors du site (commande ou SQL)"
    assert "création" in {line.verb for line, _ in first.lines}
    assert address in html


def test_what_was_erased_keeps_its_name(auditor: Client) -> None:
    pole = made.PoleFactory(name="Pôle effacé")
    member = made.MembershipFactory(pole=pole)
    member.delete()
    pole.delete()
    happened(DAY)
    (told,), html = read(auditor, genre="poles.pole", objet="effacé")
    assert f"n° {pole.pk}" not in html.replace("« n°", "")
    assert {line.model._meta.label for line, _ in told.lines} >= {"poles.Pole", "poles.Membership"}
    assert "Pôle effacé" in html


def test_it_is_searched_by_person_object_and_day(auditor: Client, officer: User) -> None:
    mine, other = made.PoleFactory(name="Pôle d’Anne"), made.PoleFactory(name="Pôle d’un autre")
    happened(DAY - timedelta(days=10))
    with pghistory.context(user=officer.pk):
        update(mine, summary="Écrit par Anne")
    happened(DAY)
    with pghistory.context(command="load_registry"):
        update(other, summary="Écrit par une commande")
    happened(DAY + timedelta(hours=1))
    # The context lasts as long as its transaction, which here is that of the test.
    run("SELECT set_config('pghistory.context_id', '', true)")
    update(other, summary="Écrit en SQL")
    happened(DAY + timedelta(days=1))

    def found(**asked: str) -> list[str]:
        entries, _ = read(auditor, **asked)
        return [
            change.after
            for told in entries
            for line, _ in told.lines
            for change in line.changes
            if line.action == "update"
        ]

    everything = ["Écrit en SQL", "Écrit par une commande", "Écrit par Anne"]
    assert found() == everything
    assert found(qui="le goff") == found(qui=str(officer.pk)) == ["Écrit par Anne"]
    assert found(par="personne") == ["Écrit par Anne"]
    assert found(qui="le goff", genre="poles.pole", objet=str(other.pk)) == []
    assert found(qui="le goff", genre="poles.theme") == []
    assert found(qui="personne de ce nom") == []
    assert found(par="commande") == ["Écrit par une commande"]
    assert found(par="sql") == ["Écrit en SQL"]
    assert found(genre="poles.pole", objet="pole d’anne") == ["Écrit par Anne"]
    assert found(genre="poles.pole", objet=str(other.pk)) == everything[:2]
    assert found(genre="poles.pole") == everything
    assert found(genre="poles.theme") == []
    assert found(du="2019-03-05", au="2019-03-05") == ["Écrit en SQL"]
    assert found(du="2019-03-01", au="2019-03-04") == everything[1:]


def test_what_cannot_be_looked_for_is_told(auditor: Client) -> None:
    _, html = read(auditor, objet="Pôle")
    assert "Choisissez d’abord le genre" in html
    entries, html = read(auditor, du="2019-03-02", au="2019-03-01")
    assert entries == []
    assert "Ce jour est avant le premier." in html


def test_pages_follow_one_another_and_lose_nothing(auditor: Client) -> None:
    pole = made.PoleFactory()
    happened(DAY - timedelta(days=100))
    wanted = [str(n) for n in range(pages.ENTRIES_A_PAGE + 5)]
    for n in wanted:
        update(pole, summary=n)
        happened(DAY + timedelta(seconds=int(n)))
    found, address = [], f"{ADDRESS}?du=2019-03-01&au=2019-03-31"
    sizes = []
    while address:
        context = auditor.get(address).context
        sizes.append(len(context["entries"]))
        found += [line.changes[0].after for told in context["entries"] for line, _ in told.lines]
        address = f"{ADDRESS}{context['next']}" if context["next"] else ""
    assert sizes == [pages.ENTRIES_A_PAGE, 5]
    assert found == wanted[::-1]


def test_of_a_moment_that_did_much_a_few_lines_are_shown_and_the_rest_is_near(
    auditor: Client,
) -> None:
    made.ThemeFactory.create_batch(pages.LINES_AN_ENTRY + 3)
    happened(DAY)
    (told,), _ = read(auditor)
    assert len(told.lines) == pages.LINES_AN_ENTRY
    (whole,) = auditor.get(f"{ADDRESS}{told.more}").context["entries"]
    themes = [line for line, _ in whole.lines if line.model is Theme]
    assert len(themes) == pages.LINES_AN_ENTRY + 3
    assert whole.more == ""


@pytest.mark.parametrize("asked", [{}, {"par": "commande"}, {"genre": "poles.pole", "objet": "a"}])
def test_a_page_takes_few_statements_whatever_it_shows(
    auditor: Client, asked: dict[str, str]
) -> None:
    def statements(**more: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert auditor.get(ADDRESS, {**asked, **more}).status_code == 200
        return len(captured)

    # Of the real data, tens of thousands of events, and of a day of which nothing is kept.
    assert statements(du="2019-03-04", au="2019-03-04") <= statements() <= 12


def test_every_table_of_events_has_its_index() -> None:
    found = rows("SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%%(pgh_created_at)'")
    wanted = {model.pgh_event_model._meta.db_table for model in journal.tracked_models()}
    assert {name for (name,) in found} >= wanted


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_it_is_taken_away(auditor: Client, officer: User, form: str) -> None:
    pole = made.PoleFactory(name="=Pôle du Val")
    happened(DAY - timedelta(days=100))
    with pghistory.context(user=officer.pk, why="Appel"):
        update(pole, summary="Résumé")
    happened(DAY)
    response = auditor.get(ADDRESS, {"du": "2019-03-01", "au": "2019-03-31", "fichier": form})
    book = open_book(b"".join(response.streaming_content), f"journal.{form}")
    head, row = [each.cells for each in book.rows(0)]
    assert head[:3] == ("Jour", "Heure", "Qui")
    day = {"csv": "04/03/2019", "xlsx": "2019-03-04"}[form]
    assert row[:4] == (day, "10:00:00", "Anne Le Goff", "Appel")
    assert row[4:7] == ("modification", "Pôle", str(pole.pk))
    assert "=Pôle du Val" in row[7]
    assert row[8] == "résumé\u00a0: (vide) → Résumé"


def test_a_file_that_is_too_long_stops_and_says_so(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_LINES", 2)
    made.ThemeFactory.create_batch(3)
    happened(DAY)
    response = auditor.get(ADDRESS, {"du": "2019-03-01", "au": "2019-03-31", "fichier": "csv"})
    *_, last = b"".join(response.streaming_content).decode().splitlines()
    assert "Le fichier s’arrête" in last
    assert Pole.objects.exists()
