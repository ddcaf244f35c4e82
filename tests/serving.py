"""The site as it is served: gunicorn, published static files, a worker's own database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings

from tests.real_data import database_of_its_own, database_url

_PUBLISH = (
    "import django; django.setup(); from ptce_registry.static import *; publish_static_files()"
)
_START_SECONDS = 60

_log_file: Path | None = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows what the site said, beside a test of the site that failed."""
    report = yield
    served = {"site_url", "own_site"} & set(getattr(item, "fixturenames", ()))
    if report.failed and _log_file and served:
        report.sections.append(("gunicorn", _log_file.read_text()[-8000:]))
    return report


@pytest.fixture(scope="session")
def site_url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site that reads this worker's database, as it was committed."""
    global _log_file
    _log_file = tmp_path_factory.mktemp("site") / "gunicorn.log"
    with _serve(database_url(), _log_file) as (address, _):
        yield address


@dataclass(frozen=True)
class OwnSite:
    """A running site on a database of its own, in which all may be changed."""

    url: str
    environment: dict[str, str]

    def run(self, code: str) -> str:
        """What ``code`` prints, run with Django set up on the site's database."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{dedent(code)}"],
            env=self.environment,
            cwd=_root(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="module")
def own_site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    """One for each file of tests that asks for it; mails are left in files of its own folder."""
    global _log_file
    folder = tmp_path_factory.mktemp("own-site")
    _log_file = folder / "gunicorn.log"
    with (
        database_of_its_own() as database,
        _serve(database, _log_file, PTCE_DEMO_DIR=str(folder)) as (address, environment),
    ):
        yield OwnSite(address, environment)


@contextmanager
def _serve(database: str, log_file: Path, **more: str) -> Iterator[tuple[str, dict[str, str]]]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
        "DATABASE_URL": database,
        "STATIC_ROOT": str(settings.DEMO_DIR / "static-tests"),
        "SITE_URL": address,
        "WEB_CONCURRENCY": "1",
        "ACCESS_LOG": "0",
        "LOG_LEVEL": "WARNING",
        "GUNICORN_LOG_LEVEL": "warning",
        # Down, as any service of elsewhere is for a test.
        "REGISTER_URL": "http://127.0.0.1:9/",
        **more,
    }
    subprocess.run([sys.executable, "-c", _PUBLISH], env=environment, cwd=_root(), check=True)
    with log_file.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}"],
            env=environment,
            cwd=_root(),
            pass_fds=[listening.fileno()],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(server, port, log_file)
            yield address, environment
        finally:
            server.terminate()
            server.wait(30)
            listening.close()


def _root() -> Path:
    return Path(settings.BASE_DIR)


def _wait_for(server: subprocess.Popen, port: int, log_file: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            asked.request("GET", "/sante/")
            if asked.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            asked.close()
        time.sleep(0.1)
    raise AssertionError(f"the site does not answer:\n{log_file.read_text()}")
