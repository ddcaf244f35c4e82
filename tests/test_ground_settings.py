"""Production starts from its environment alone, or says all that is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ptce_registry.release import release_name
from tests.real_data import database_url

PRODUCTION = {
    "SECRET_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": "registre.example, www.registre.example",
    "SITE_URL": "https://registre.example/",
    "DATABASE_URL": "postgres://ptce:p%40ss@base.example:5433/ptce?sslmode=require",
    "EMAIL_URL": "smtp+tls://compte:secret@courriel.example:587",
    "DEFAULT_FROM_EMAIL": "registre@registre.example",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    bare = {"PATH": os.environ["PATH"], "HOME": "/", "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        env=bare,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(expression: str, **environment: str) -> str:
    code = f"from ptce_registry import settings as s; print(({expression}))"
    done = run("-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("command", [("manage.py", "check"), ("-m", "gunicorn")])
def test_all_that_is_missing_is_told_at_once(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in PRODUCTION:
        assert f"{name} manque" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "http://registre.example"),
        ("SITE_URL", "https://"),
        ("DATABASE_URL", "sqlite:///ptce.db"),
        ("EMAIL_URL", "courriel.example"),
    ],
)
def test_a_value_that_will_not_do_is_refused(name: str, value: str) -> None:
    done = run("manage.py", "check", **{**PRODUCTION, name: value})
    assert done.returncode == 1
    assert f"{name} ne convient pas" in done.stderr
    assert "manque" not in done.stderr


PROCONNECT = {
    "PROCONNECT_URL": "https://proconnect.example/api/v2/",
    "PROCONNECT_CLIENT_ID": "registre",
    "PROCONNECT_CLIENT_SECRET": "un-secret",
}


def test_proconnect_is_configured_whole_or_not_at_all() -> None:
    assert read("s.PROCONNECT_URL", **PRODUCTION) == ""
    assert read("s.PROCONNECT_URL", **PRODUCTION, **PROCONNECT) == (
        "https://proconnect.example/api/v2"
    )
    for name in PROCONNECT:
        done = run("manage.py", "check", **{**PRODUCTION, **PROCONNECT, name: ""})
        assert done.returncode == 1
        assert f"{name} manque" in done.stderr
    bare = {**PROCONNECT, "PROCONNECT_URL": "http://proconnect.example/api/v2"}
    done = run("manage.py", "check", **PRODUCTION, **bare)
    assert "PROCONNECT_URL ne convient pas" in done.stderr


@pytest.mark.parametrize("name", ["DEBUG", "PTCE_PRIVATE_DATABASE"])
def test_no_single_variable_turns_production_into_development(name: str) -> None:
    assert read("s.DEBUG, s.DEVELOPMENT, s.DEMONSTRATION", **PRODUCTION, **{name: "1"}) == (
        "(False, False, False)"
    )


def test_production_is_read_from_the_environment() -> None:
    shown = (
        "s.ALLOWED_HOSTS, s.SITE_URL, s.CSRF_TRUSTED_ORIGINS, s.SECURE_SSL_REDIRECT, "
        "s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 31_536_000"
    )
    assert read(shown, **PRODUCTION) == (
        "(['registre.example', 'www.registre.example'], 'https://registre.example', "
        "['https://registre.example'], True, True, True)"
    )
    database = "[s.DATABASES['default'][k] for k in ('HOST', 'PORT', 'NAME', 'USER', 'PASSWORD')]"
    assert read(database, **PRODUCTION) == "['base.example', 5433, 'ptce', 'ptce', 'p@ss']"
    options = read("s.DATABASES['default']['OPTIONS']", **PRODUCTION)
    assert "'sslmode': 'require'" in options
    assert "statement_timeout=30000" in options
    assert "'max_size': 8" in options


def test_the_folder_of_a_socket_keeps_its_capitals() -> None:
    address = "postgres://postgres@%2FRun%2FPostgreSQL:5432/ptce"
    read_host = "s.DATABASES['default']['HOST']"
    assert read(read_host, **{**PRODUCTION, "DATABASE_URL": address}) == "/Run/PostgreSQL"


def test_what_pages_show_makes_another_release() -> None:
    one = read("s.RELEASE", **PRODUCTION)
    assert one == read("s.RELEASE", **PRODUCTION)
    assert one != read("s.RELEASE", **{**PRODUCTION, "PUBLISHER_NAME": "Ministère"})


def test_what_python_keeps_of_modules_is_no_part_of_a_release(tmp_path: Path) -> None:
    """It writes them, under a name of the moment, while the name of the release is made."""
    module = tmp_path / "core" / "text.py"
    module.parent.mkdir()
    module.write_text("A = 1\n")
    one = release_name("0.1", tmp_path)
    kept = module.parent / "__pycache__"
    kept.mkdir()
    (kept / "text.cpython-313.pyc.140123").write_bytes(b"half of it")
    assert release_name("0.1", tmp_path) == one
    module.write_text("A = 2\n")
    assert release_name("0.1", tmp_path) != one


@pytest.mark.django_db
def test_the_deployment_check_has_nothing_to_say() -> None:
    environment = {**PRODUCTION, "DATABASE_URL": database_url()}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
