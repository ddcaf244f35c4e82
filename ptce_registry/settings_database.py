"""The database, and the two roles that come to it. Read by `settings.py`."""

from typing import Any
from urllib.parse import unquote, urlsplit

import environ

_env = environ.Env()
_development = _env.bool("PTCE_DEVELOPMENT", default=False)
# What `settings.py` adds to its own refusals.
DATABASE_REFUSALS: list[str] = []

_OPTIONS: dict[str, object] = {
    "connect_timeout": 5,
    # A server that vanished without a word is noticed by the client alone.
    "tcp_user_timeout": 20_000,
    "application_name": "ptce-registry",
    "options": (
        f"-c statement_timeout={_env.int('STATEMENT_TIMEOUT_MS', default=30_000)}"
        f" -c lock_timeout={_env.int('LOCK_TIMEOUT_MS', default=5_000)}"
        " -c idle_in_transaction_session_timeout=60000"
    ),
}
_POOL: dict[str, object] = (
    {
        "pool": {
            "min_size": 1,
            "max_size": _env.int("DATABASE_POOL_SIZE", default=8),
            "timeout": 5,
        }
    }
    if _env.bool("DATABASE_POOL", default=True)
    else {}
)


def _connection(address: str, options: dict[str, object]) -> dict[str, Any]:
    known = _env.db_url_config(address)
    return {
        **known,
        # The folder of a Unix socket is written with %2F in an address.
        "HOST": unquote(known.get("HOST", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, **known.get("OPTIONS", {})},
    }


def _address(name: str) -> str:
    """The address of the environment, or nothing where it is not one of PostgreSQL's."""
    address = _env.str(name, default="").strip()
    if address and urlsplit(address).scheme not in {"postgres", "postgresql"}:
        if not _development:
            DATABASE_REFUSALS.append(f"{name} ne convient pas : postgres://…")
        return ""
    return address


_application, _owner = _address("DATABASE_URL"), _address("DATABASE_OWNER_URL")
if not _env.str("DATABASE_URL", default="").strip():
    if _development:
        _application = "postgres:///ptce_registry"
    else:
        DATABASE_REFUSALS.append(
            "DATABASE_URL manque : postgres://compte:mot-de-passe@machine:5432/base."
        )
DATABASES: dict[str, dict[str, Any]] = {
    "default": _connection(_application, {**_OPTIONS, **_POOL}) if _application else {}
}
# Whom the tables belong to: what migrates becomes it for a moment (`ptce_registry.roles`), and no
# page ever does.
DATABASE_OWNER: dict[str, Any] = _connection(_owner, _OPTIONS) if _owner else {}
if _owner and urlsplit(_owner).username == urlsplit(_application).username and not _development:
    DATABASE_REFUSALS.append(
        "DATABASE_OWNER_URL ne convient pas : un autre compte que celui de DATABASE_URL."
    )
# A role for those who only read, in SQL: the rights that it needs are given with the others.
DATABASE_AUDITOR_ROLE = _env.str("DATABASE_AUDITOR_ROLE", default="").strip()
