"""The databases of the benchmark, and the site served from each as in production."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from psycopg import sql

from bench.client import Connection
from ptce_registry.embedded import BASE_DIR, DEMO_DIR, OWNER, Server

_START_SECONDS = 60


def owner_environment(server: Server, database: str) -> dict[str, str]:
    """Of who takes triggers off, which only the owner of their tables may."""
    as_owner = {"DATABASE_URL": server.url(database, OWNER), "DATABASE_OWNER_URL": ""}
    return environment(server, database, **as_owner)


def environment(server: Server, database: str, **more: str) -> dict[str, str]:
    """Production's variables; nothing of the developer's own is left."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PTCE_DEVELOPMENT", "DEBUG"}}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        **server.environment(database),
        "SECRET_KEY": "un secret pour le banc, qui ne garde rien " * 2,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "https://banc.example",
        "BEHIND_PROXY": "1",
        "EMAIL_URL": "smtp+tls://banc:banc@courriel.example:587",
        "DEFAULT_FROM_EMAIL": "banc@courriel.example",
        "STATIC_ROOT": str(DEMO_DIR / "static"),
        "LOG_LEVEL": "WARNING",
        "GUNICORN_LOG_LEVEL": "warning",
        "ACCESS_LOG": "0",
        **more,
    }


class Databases:
    """Real poles in one, made-up ones in the others; each a copy of the smaller one, grown."""

    REAL = "banc_reel"

    def __init__(self, server: Server) -> None:
        self.server = server

    def make_real(self) -> str:
        self.server.ensure_database(self.REAL)
        for command in ("migrate", "load_territories", "load_registry"):
            self._manage(self.REAL, command)
        return self.REAL

    def make_empty(self) -> str:
        """The territories and the controlled lists, without a pole nor its history."""
        self._copy(self.REAL, "banc_0")
        with self.server.connect("banc_0") as connection:
            history = connection.execute(
                "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class"
                " WHERE relkind = 'r' AND relname LIKE '%event'"
            ).fetchone()
            connection.execute(
                "TRUNCATE calls_application, poles_pole, members_organisation,"
                f" catalogue_poleindex, catalogue_poletext, {history[0]} CASCADE"  # type: ignore[index]
            )
        return "banc_0"

    def make_size(self, size: int, smaller: str) -> str:
        name = f"banc_{size}"
        self._copy(smaller, name)
        self._manage(name, "demo", "--size", str(size))
        with self.server.connect(name) as connection:
            connection.execute("VACUUM ANALYZE")
        return name

    def value(self, database: str, statement: str) -> str:
        with self.server.connect(database) as connection:
            row = connection.execute(statement).fetchone()
        return str(row[0]) if row else ""

    def _copy(self, source: str, target: str) -> None:
        names = sql.Identifier(target), sql.Identifier(source), sql.Identifier(OWNER)
        with self.server.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))

    def _manage(self, database: str, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environment(self.server, database, DEMONSTRATION="1", STATEMENT_TIMEOUT_MS="0"),
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} a échoué :\n{done.stdout}\n{done.stderr}")


_PUBLISH = (
    "import django; django.setup(); from ptce_registry.static import *; publish_static_files()"
)


def publish_static_files(server: Server) -> None:
    subprocess.run(
        [sys.executable, "-c", _PUBLISH],
        env=environment(server, Databases.REAL),
        cwd=BASE_DIR,
        check=True,
    )


@contextlib.contextmanager
def served(server: Server, database: str, **more: str) -> Iterator[int]:
    """gunicorn with the project's own configuration, on a free port, which is told.

    No worker is replaced meanwhile: what a floor keeps would be lost.
    """
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    port = listening.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}"),
            *("--max-requests", "0", "--max-requests-jitter", "0"),
        ],
        env=environment(server, database, **more),
        cwd=BASE_DIR,
        pass_fds=[listening.fileno()],
    )
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(30)
        listening.close()


def _wait_for(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = Connection(port)
        try:
            if connection.get("/sante/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("Le site ne répond pas.")
