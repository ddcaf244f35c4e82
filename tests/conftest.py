"""One server for the run, one database for each worker, each holding the real data."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.test import Client
from factory.base import FactoryMetaClass
from hypothesis import settings as hypothesis_settings
from psycopg.pq import TransactionStatus
from pytest_django import DjangoDbBlocker

from catalogue.bitmaps import forget_bitmaps
from catalogue.public import forget_pages
from catalogue.reference import forget_reference
from core.version import forget_data_version
from ptce_registry.embedded import THROWAWAY, Server
from tests import call_factories, factories, keeping_factories
from tests.chromium import chromium_path
from tests.real_data import copy_template, drop_copy, drop_template, make_template

pytest_plugins = ["tests.strictness", "tests.serving", "tests.browsing"]

hypothesis_settings.register_profile("registry", deadline=None)
hypothesis_settings.load_profile("registry")

_server: Server | None = None


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    global _server
    own = os.environ.get("PTCE_TESTS_OWN_SERVER")
    if own and not _is_worker(config) and not config.option.collectonly:
        _server = Server(Path(os.environ["PTCE_TESTS_DIR"]), THROWAWAY)
        _server.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    if _server is not None:
        _server.stop()
    elif (Path(os.environ["PTCE_TESTS_DIR"]) / "template.done").exists():
        drop_template()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chromium = chromium_path()
    if chromium is None and os.environ.get("PTCE_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("Aucun Chromium : les tests de navigateur ne peuvent être laissés.")
    for item in items:
        _refuse_truncation(item)
        if item.get_closest_marker("browser"):
            # The site reads the worker's database, which is made for the tests that ask for it.
            item.add_marker(pytest.mark.django_db)
            if chromium is None:
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
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The real data are there from the start: each test sees them, and undoes what it did."""
    make_template()
    known = connection.settings_dict
    known["NAME"] = known["TEST"]["NAME"]
    drop_copy(known["NAME"])
    copy_template(known["NAME"])
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
        drop_copy(known["NAME"])


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No page and no number of the data's version comes from another test."""
    forget_pages()
    forget_bitmaps()
    forget_reference()
    forget_data_version()


@pytest.fixture(autouse=True)
def _made_up_rows_from_the_first() -> None:
    """The rows that a test makes up are the same whichever tests ran before it."""
    rooms = (factories, keeping_factories, call_factories)
    for maker in (each for room in rooms for each in vars(room).values()):
        if isinstance(maker, FactoryMetaClass) and not maker._meta.abstract:
            maker.reset_sequence(0, force=True)


@pytest.fixture(autouse=True)
def _a_request_ends_its_context() -> Iterator[None]:
    """Who made a request is no one in the next: in a test both are in one transaction."""
    request_finished.connect(_forget_who_acted)
    yield
    request_finished.disconnect(_forget_who_acted)


def _forget_who_acted(**_: Any) -> None:
    known = connection.connection
    if known is not None and known.info.transaction_status == TransactionStatus.INTRANS:
        # Beside Django, so that it is in no count of statements.
        known.execute(
            "SELECT set_config('pghistory.context_id', '', true),"
            " set_config('pghistory.context_metadata', '', true)"
        )


@pytest.fixture(autouse=True)
def _who_is_signed_in_showed_both_factors(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Client.force_login`, but for the tests marked `one_factor`: there it is a password alone."""
    if request.node.get_closest_marker("one_factor"):
        return
    force_login = Client.force_login

    def with_both(self: Client, user: Any, backend: str | None = None) -> None:
        force_login(self, user, backend)
        session = self.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "force_login", with_both)


@pytest.fixture
def settle(db: None) -> Callable[[], None]:
    """Ends the transaction for what waits for its end, and lets the next change be a new one."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SELECT set_config('core.moved_by', '', true)")
            cursor.execute("UPDATE core_dataversion SET moved_by_transaction = 0")
        forget_data_version()

    return run
