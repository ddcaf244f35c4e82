"""One server for the run, one database for each worker, holding the real data."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from catalogue.public import forget_pages
from core.version import forget_data_version
from ptce_registry.embedded import THROWAWAY, Server
from tests.browsing import chromium_path

pytest_plugins = ["tests.strictness", "tests.serving", "tests.browsing"]

hypothesis_settings.register_profile("registry", deadline=None)
hypothesis_settings.load_profile("registry")

_server: Server | None = None


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    global _server
    folder = os.environ.get("PTCE_TESTS_SERVER")
    if _is_worker(config) or config.option.collectonly or not folder:
        return
    _server = Server(Path(folder), THROWAWAY)
    _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    if _server is not None:
        _server.stop()
    if folder := os.environ.get("PTCE_TESTS_SERVER"):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chromium = chromium_path()
    if chromium is None and os.environ.get("PTCE_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("Aucun Chromium : les tests de navigateur ne peuvent être laissés.")
    for item in items:
        _refuse_truncation(item)
        if item.get_closest_marker("browser") and chromium is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium"))


def _refuse_truncation(item: pytest.Item) -> None:
    """A test that commits ends by emptying every table, the real data of its worker included."""
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and (
        marker.kwargs.get("transaction") or (marker.args and marker.args[0])
    )
    fixtures = {"transactional_db", "live_server", "django_db_reset_sequences"}
    if commits or fixtures & set(getattr(item, "fixturenames", ())):
        raise pytest.UsageError(f"{item.nodeid} would empty the tables: no transactional tests.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium_path() is None:
        terminalreporter.section("AUCUN CHROMIUM", sep="!", red=True, bold=True)
        terminalreporter.line("Les tests de navigateur n’ont PAS tourné : installez chromium.")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real data, loaded once and committed: each test sees them, and undoes what it did."""
    with django_db_blocker.unblock(), Path(os.devnull).open("w") as nowhere:
        call_command("load_territories", stdout=nowhere)
        call_command("load_registry", stdout=nowhere)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No page and no number of the data's version comes from another test."""
    forget_pages()
    forget_data_version()
