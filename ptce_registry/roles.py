"""The database's two roles: one owns the tables, the application reads and writes their rows.

The application's alters nothing of the history, whoever gives it orders (decision 0044).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

_SQL = Path(__file__).resolve().parent / "sql"

# Rows of which something is kept for good: what the application may do with them besides reading.
# Their triggers refuse more; these rights are what no trick of a session gets around.
KEPT: dict[str, tuple[str, ...]] = {
    "django_migrations": (),
    "pghistory_context": (),
    # Written by triggers, as the owner; an erased account takes its name out.
    "poles_recognitiondecision": ("UPDATE (officer_id)",),
    "poles_recordstep": ("UPDATE (by_id, network_id)", "DELETE"),
    "poles_merge": ("INSERT", "UPDATE (by_id, undone_by_id, undone_at, undone_reason)"),
    "calls_examination": ("INSERT", "UPDATE (officer_id)"),
    "calls_parliamentaryanswer": ("INSERT", "UPDATE (asked_by_id)"),
    "calls_letter": ("INSERT", "UPDATE (officer_id, address)"),
}
# What an auditor does not read in SQL: secrets, and mails; of an account, its number and its role.
PERSONAL: dict[str, tuple[str, ...]] = {
    "networks_user": ("id", "role", "is_active", "date_joined", "erased_at", "former_as"),
    "networks_cache": (),
    "core_waitingfile": (),
    "django_session": (),
    "django_tasks_database_dbtaskresult": (),
    "account_emailaddress": (),
    "account_emailconfirmation": (),
    "mfa_authenticator": (),
    "socialaccount_socialaccount": (),
    "socialaccount_socialapp": (),
    "socialaccount_socialtoken": (),
    "usersessions_usersession": (),
}


def has_owner() -> bool:
    """Whether the environment names the owner of the tables, beside the application's role."""
    return bool(settings.DATABASE_OWNER)


@contextmanager
def as_owner() -> Iterator[None]:
    """The connection is the owner's meanwhile; unchanged where the environment names none.

    Nor does it change within a transaction, which it would leave behind.
    """
    application = connections["default"]
    if not has_owner() or application.in_atomic_block:
        yield
        return
    known = {**application.settings_dict, **settings.DATABASE_OWNER}
    # The name is that of the base in use, which tests copy.
    known["NAME"] = application.settings_dict["NAME"]
    owner: BaseDatabaseWrapper = type(application)(known, "default")
    connections["default"] = owner
    try:
        yield
    finally:
        owner.close()
        connections["default"] = application


def grant_rights() -> bool:
    """Gives the application's role its rights, and no more; says whether there are two roles."""
    if not has_owner():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        application = cursor.fetchone()[0]
    # Between requests a connection of the pool may be another's.
    connection.close()
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        told = {
            "application": application,
            "auditor": _auditor(cursor) if settings.DATABASE_AUDITOR_ROLE else "",
            "kept": json.dumps(KEPT),
            "personal": json.dumps(PERSONAL),
        }
        for name, value in told.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [f"rights.{name}", value])
        cursor.execute((_SQL / "rights.sql").read_text(encoding="utf-8"))
    return True


def index_history() -> None:
    """Makes the indexes of the journal that are not there yet."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute((_SQL / "journal.sql").read_text(encoding="utf-8"))


def _auditor(cursor: Any) -> str:
    """The role of those who only read; made here where the owner may make it."""
    name = settings.DATABASE_AUDITOR_ROLE
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not cursor.fetchone():
        try:
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        except ProgrammingError as error:
            raise ImproperlyConfigured(
                f"Le rôle « {name} » (DATABASE_AUDITOR_ROLE) n’existe pas, et le propriétaire des "
                f"tables ne peut pas le créer\u00a0: createuser --no-login {name}"
            ) from error
    return name


# What a role may be made of that opens the history to it, and how it is told.
_TRESPASSES = """
WITH mine AS (
    SELECT oid, rolsuper, rolbypassrls FROM pg_roles
    WHERE rolname IN (current_user, session_user)
), history AS (
    SELECT DISTINCT tgrelid AS oid FROM pg_trigger
    WHERE tgname LIKE 'pgtrigger\\_append\\_only\\_%'
    UNION SELECT to_regclass('pghistory_context')
)
SELECT
    bool_or(m.rolsuper),
    bool_or(EXISTS (
        SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            AND c.relkind IN ('r', 'S') AND pg_has_role(m.oid, c.relowner, 'USAGE'))),
    bool_or(has_schema_privilege(m.oid, 'public', 'CREATE')),
    bool_or(EXISTS (
        SELECT FROM history h
        WHERE has_table_privilege(m.oid, h.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER'))),
    bool_or(has_parameter_privilege(m.oid, 'session_replication_role', 'SET'))
FROM mine m
"""
_TOLD = (
    "il est superutilisateur",
    "des tables lui appartiennent",
    "il peut créer dans le schéma",
    "il peut écrire dans l’historique",
    "il peut faire taire les déclencheurs",
)


def trespasses() -> list[str]:
    """Why the history is not safe from the role of the pages, in French; empty where it is.

    Raises ``psycopg.OperationalError`` where the database does not answer.
    """
    # Outside the pool: a server asks before it has workers, each of which has its own.
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as asked:
        found = asked.execute(_TRESPASSES).fetchone()
    assert found is not None  # noqa: S101
    told = [words for words, true in zip(_TOLD, found, strict=True) if true]
    # Of that one all the others follow.
    return told[:1] if found[0] else told


def check_roles(**_: Any) -> list[checks.CheckMessage]:
    """What `check --deploy` says of the roles."""
    try:
        told = refusal()
    except psycopg.OperationalError as error:
        return [checks.Warning(f"La base ne répond pas\u00a0: {error}", id="ptce_registry.W001")]
    return [checks.Error(told, id="ptce_registry.E001")] if told else []


def refusal() -> str:
    """The sentence that a server is stopped with, or nothing; raises as `trespasses`."""
    found = trespasses()
    if not found:
        return ""
    return (
        f"Le compte de DATABASE_URL pourrait réécrire l’historique\u00a0: {', '.join(found)}. "
        "Il lui faut un compte qui ne possède pas les tables\u00a0; leur propriétaire est celui de "
        "DATABASE_OWNER_URL, et «\u00a0manage.py migrate\u00a0» donne les droits. "
        "Voir README.md, «\u00a0En production\u00a0»."
    )
