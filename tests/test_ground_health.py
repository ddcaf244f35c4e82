"""/sante/ says whether the database answers, soon, whatever the database does."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from ptce_registry import health


@pytest.fixture(autouse=True)
def _no_pending_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_pending", None)


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Accepts connections and never says a word, as a server that is frozen."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield server.getsockname()[1]


def test_the_site_lives_without_asking_the_database(client: Client) -> None:
    # Without the mark django_db, a statement would fail.
    response = client.get("/sante/vivant/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_the_database_answers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"base_de_donnees": True})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_the_database_refuses(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (503, {"base_de_donnees": False})


@pytest.mark.django_db
def test_the_database_hangs(
    client: Client, monkeypatch: pytest.MonkeyPatch, silent_server: int
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", silent_server)
    begun = time.monotonic()
    assert client.get("/sante/").status_code == 503
    assert time.monotonic() - begun < 3

    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    assert not health.database_answers(0.01)
    assert not health.database_answers(0.01)
    assert sum(thread.name == "health" for thread in threading.enumerate()) <= 2


@override_settings(SECURE_SSL_REDIRECT=True)
def test_probes_do_without_https() -> None:
    assert Client().get("/sante/vivant/").status_code == 200
    assert Client().get("/comprendre/").status_code == 301
