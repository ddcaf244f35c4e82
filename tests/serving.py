"""The site as it is served: gunicorn, published static files, a worker's own database."""

import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from threading import Thread

import pytest
from django.conf import settings

from tests.real_data import database_of_its_own, database_url

_PUBLISH = (
    "import django; django.setup(); from ptce_registry.static import *; publish_static_files()"
)
# Django is set up once; each code that comes is run in a child that knows nothing of the others.
_RUN = """
import json, os, sys, traceback
import django
django.setup()
import tests.factories
for line in sys.stdin:
    code, said, wrong = json.loads(line)
    child = os.fork()
    if child == 0:
        for stream, path in ((1, said), (2, wrong)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        try:
            exec(code, {"__name__": "__main__"})
            failed = 0
        except BaseException:
            traceback.print_exc()
            failed = 1
        sys.stdout.flush()
        os._exit(failed)
    print(os.waitpid(child, 0)[1], flush=True)
"""
_START_SECONDS = 60
_TRANSPARENT_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

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


class _Tiles(BaseHTTPRequestHandler):
    """The same tile, whichever is asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(_TRANSPARENT_PNG)))
        self.end_headers()
        self.wfile.write(_TRANSPARENT_PNG)

    def log_message(self, *said: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def tiles_url() -> Iterator[str]:
    """What the address of each tile begins with."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Tiles)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/tiles/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site_url(
    django_db_setup: None, tiles_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a running site that reads this worker's database, as it was committed."""
    global _log_file
    _log_file = tmp_path_factory.mktemp("site") / "gunicorn.log"
    with _serve(database_url(), _log_file, tiles_url) as (address, _):
        yield address


@dataclass(frozen=True)
class OwnSite:
    """A running site on a database of its own, in which all may be changed."""

    url: str
    environment: dict[str, str]
    folder: Path

    def run(self, code: str) -> str:
        """What ``code`` prints, run with Django set up on the site's database."""
        said, wrong = self.folder / "said.txt", self.folder / "wrong.txt"
        asked, answer = self._runner.stdin, self._runner.stdout
        assert asked is not None
        assert answer is not None
        asked.write(json.dumps([dedent(code), str(said), str(wrong)]) + "\n")
        asked.flush()
        assert answer.readline() == "0\n", wrong.read_text() if wrong.exists() else "not begun"
        return said.read_text().strip()

    @cached_property
    def _runner(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _RUN],
            env=self.environment,
            cwd=_root(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        if "_runner" in vars(self):
            self._runner.communicate(timeout=30)


@pytest.fixture(scope="module")
def own_site(
    django_db_setup: None, tiles_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnSite]:
    """One for each file of tests that asks for it; mails are left in files of its own folder."""
    global _log_file
    folder = tmp_path_factory.mktemp("own-site")
    _log_file = folder / "gunicorn.log"
    with (
        database_of_its_own() as database,
        _serve(database, _log_file, tiles_url, PTCE_DEMO_DIR=str(folder)) as (
            address,
            environment,
        ),
    ):
        site = OwnSite(address, environment, folder)
        yield site
        site.close()


@contextmanager
def _serve(
    database: str, log_file: Path, tiles_url: str, **more: str
) -> Iterator[tuple[str, dict[str, str]]]:
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
        "TILES_URL": f"{tiles_url}{{z}}/{{x}}/{{y}}.png",
        **more,
    }
    _publish(environment["STATIC_ROOT"])
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


@cache
def _publish(static_root: str) -> None:
    """Once for each worker: a run changes no static file."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
        "STATIC_ROOT": static_root,
    }
    subprocess.run([sys.executable, "-c", _PUBLISH], env=environment, cwd=_root(), check=True)


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
