"""What the application's role may do, table by table: the history is out of its reach."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from ptce_registry.roles import KEPT, PERSONAL, refusal
from tests.breaking import refused, rows, run, update
from tests.call_factories import call_at, file_of
from tests.factories import PoleFactory
from tests.real_data import database_of_its_own, database_url
from tests.roles import APPLICATION, AUDITOR, OWNER

pytestmark = pytest.mark.django_db
EVERYDAY = {"SELECT", "INSERT", "UPDATE", "DELETE"}
HISTORY = sorted(
    model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
)
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def held(table: str, role: str = APPLICATION) -> set[str]:
    """The rights of the role on the whole table."""
    asked = ", ".join(f"has_table_privilege(%s, %s, '{right}')" for right in RIGHTS)
    found = rows(f"SELECT {asked}", *(value for _ in RIGHTS for value in (role, table)))[0]
    return {right for right, has in zip(RIGHTS, found, strict=True) if has}


def columns(table: str, right: str, role: str = APPLICATION) -> set[str]:
    found = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND has_column_privilege(%s, attrelid, attnum, %s)",
        *(table, role, right),
    )
    return {name for (name,) in found}


def tables() -> list[str]:
    found = rows(
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    )
    return [name for (name,) in found]


def test_every_table_has_the_rights_that_it_should_and_no_more() -> None:
    known = tables()
    assert {*HISTORY, *KEPT} <= set(known)
    wrong = {}
    for table in known:
        expected = EVERYDAY
        if table in HISTORY:
            expected = {"SELECT"}
        elif table in KEPT:
            whole = {right for right in KEPT[table] if "(" not in right}
            expected = {"SELECT", *whole}
        if held(table) != expected:
            wrong[table] = held(table)
    assert wrong == {}
    assert columns("poles_merge", "UPDATE") == {
        *("by_id", "undone_by_id", "undone_at", "undone_reason")
    }
    assert columns("poles_poleevent", "UPDATE") == set()


def test_what_a_trigger_keeps_is_kept_by_the_rights_too() -> None:
    """A table whose trigger refuses changes is one of `KEPT`: a trigger can be got around.

    A proposal waits before it is kept, and is its author's until then.
    """
    found = rows(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%\\_kept'"
        " AND tgtype & 26 = 26"
    )
    assert {table for (table,) in found} <= set(KEPT)


def test_the_role_of_the_pages_owns_nothing_and_is_nobody() -> None:
    run("SELECT 1")
    assert rows("SELECT current_user::text") == [(APPLICATION,)]
    (attributes,) = rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
        " FROM pg_roles WHERE rolname = %s",
        APPLICATION,
    )
    assert not any(attributes)
    assert rows("SELECT FROM pg_auth_members WHERE member = %s::regrole", APPLICATION) == []
    owners = rows(
        "SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
    )
    assert owners == [(OWNER,)]
    assert rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", APPLICATION) == [(False,)]


TRICKS = (
    "UPDATE poles_poleevent SET pgh_label = 'oubli'",
    "DELETE FROM poles_poleevent",
    "TRUNCATE poles_poleevent",
    "TRUNCATE poles_pole CASCADE",
    "DROP TABLE poles_poleevent",
    "INSERT INTO poles_themeevent SELECT * FROM poles_themeevent",
    "UPDATE pghistory_context SET metadata = '{}'",
    "DELETE FROM pghistory_context",
    "UPDATE poles_recognitiondecision SET reason = 'Autre'",
    "DELETE FROM poles_recognitiondecision",
    "UPDATE calls_examination SET conclusion = false",
    "UPDATE django_migrations SET name = 'autre'",
    "ALTER TABLE poles_pole DISABLE TRIGGER USER",
    "ALTER TABLE poles_poleevent ADD COLUMN autre text",
    "SET session_replication_role = replica",
    "CREATE TABLE public.poles_autre (id int)",
    "CREATE TRIGGER faux BEFORE INSERT ON poles_poleevent EXECUTE FUNCTION poles_keep_decision()",
    "CREATE FUNCTION public.poles_autre() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION _pgh_attach_context() RENAME TO autre",
    "CREATE RULE rien AS ON INSERT TO poles_poleevent DO INSTEAD NOTHING",
)


@pytest.mark.parametrize("trick", TRICKS, ids=[trick[:40] for trick in TRICKS])
def test_no_trick_of_a_session_reaches_the_history(trick: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        run(trick)
    assert caught.value.__cause__.sqlstate == "42501"


def last_event(pole: int) -> tuple:
    return rows(
        "SELECT pgh_label, summary, c.metadata FROM poles_poleevent e"
        " LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        " WHERE pgh_obj_id = %s ORDER BY e.pgh_id DESC LIMIT 1",
        pole,
    )[0]


def test_no_session_switches_the_history_off() -> None:
    pole = PoleFactory()
    (triggers,) = rows(
        "SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgrelid = 'poles_pole'::regclass"
    )[0]
    run("SELECT set_config('pgtrigger.ignore', %s::text, true)", triggers)
    run("UPDATE poles_pole SET summary = 'En silence' WHERE id = %s", pole.pk)
    assert last_event(pole.pk)[:2] == ("update", "En silence")


def test_no_table_of_a_session_takes_the_history_away() -> None:
    pole = PoleFactory()
    run("CREATE TEMP TABLE poles_poleevent (LIKE public.poles_poleevent)")
    run("CREATE TEMP TABLE pghistory_context (LIKE public.pghistory_context)")
    run("UPDATE poles_pole SET summary = 'Détourné' WHERE id = %s", pole.pk)
    run("DROP TABLE pg_temp.poles_poleevent, pg_temp.pghistory_context")
    assert last_event(pole.pk)[1] == "Détourné"


def test_no_table_of_a_session_takes_the_rules_away(settle: Callable[[], None]) -> None:
    """What a trigger reads is the registry's, and not what a session put before it."""
    file = file_of(call_at(envelope_eur=10))
    pole = PoleFactory(record_state="publie")
    update(pole, record_state="archive", archive_reason="Doublon.")
    settle()
    run("CREATE TEMP TABLE calls_application (LIKE public.calls_application)")
    run("CREATE TEMP TABLE poles_pole (LIKE public.poles_pole)")
    with refused("calls_application_envelope"):
        run(
            "UPDATE public.calls_application SET decision = 'laureat', decided_on = current_date,"
            " amount_eur = 11 WHERE id = %s",
            file.pk,
        )
        settle()
    with refused("poles_recordstep_kept"):
        run("DELETE FROM poles_recordstep WHERE pole_id = %s", pole.pk)


def test_no_session_has_the_history_written_by_its_own_triggers() -> None:
    """They write as the owner: put on a table of one's own, they would write whatever one wants."""
    found = rows(
        "SELECT p.oid::regprocedure::text, array_agg(DISTINCT t.tgrelid::regclass::text)"
        " FROM pg_proc p LEFT JOIN pg_trigger t ON t.tgfoid = p.oid WHERE p.prosecdef"
        " AND p.pronamespace = 'public'::regnamespace GROUP BY p.oid"
    )
    assert len(found) > len(HISTORY)
    wrong = []
    for function, ((table,)) in found:
        try:
            with transaction.atomic():
                run(f"CREATE TEMP TABLE forged (LIKE public.{table})")
                run(f"CREATE TRIGGER forged AFTER INSERT ON forged EXECUTE FUNCTION {function}")
                wrong.append(function)
                transaction.set_rollback(True)
        except DatabaseError as error:
            if error.__cause__.sqlstate != "42501":  # type: ignore[union-attr]
                wrong.append(function)
    assert wrong == []


def test_what_was_said_of_a_committed_change_is_not_said_otherwise() -> None:
    context = "SELECT metadata ->> 'why' FROM pghistory_context WHERE id = %s"
    told = "SELECT set_config('pghistory.context_id', %s, false),"
    told += " set_config('pghistory.context_metadata', %s, false)"
    number, other = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
    pole = "SELECT min(id) FROM poles_pole"
    with database_of_its_own() as address, psycopg.connect(address, autocommit=True) as pages:
        assert pages.info.user == APPLICATION
        for user in (7, 8):
            pages.execute(told, [number, f'{{"user": {user}}}'])
            pages.execute(f"UPDATE poles_pole SET summary = %s WHERE id = ({pole})", [f"De {user}"])
        said = pages.execute(
            "SELECT summary, metadata ->> 'user' FROM poles_poleevent e JOIN pghistory_context c"
            f" ON c.id = e.pgh_context_id WHERE pgh_obj_id = ({pole}) ORDER BY pgh_id DESC LIMIT 2"
        ).fetchall()
        assert said == [("De 8", "8"), ("De 7", "7")]
        # Within one transaction, what is said last is said of all of it.
        with pages.transaction():
            for why in ("Un", "Deux"):
                pages.execute(told, [other, f'{{"user": 7, "why": "{why}"}}'])
                pages.execute(f"UPDATE poles_pole SET summary = %s WHERE id = ({pole})", [why])
        assert pages.execute(context, [other]).fetchall() == [("Deux",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            pages.execute(f"SET ROLE {OWNER}")


def test_an_auditor_reads_all_but_what_is_secret() -> None:
    wrong = {}
    for table in tables():
        expected = set() if table in PERSONAL else {"SELECT"}
        if held(table, AUDITOR) != expected:
            wrong[table] = held(table, AUDITOR)
    assert wrong == {}
    assert columns("networks_user", "SELECT", AUDITOR) == set(PERSONAL["networks_user"])


_GIVE = """
import django, json
django.setup()
from ptce_registry.roles import grant_rights, refusal
print(json.dumps([refusal(), grant_rights(), refusal()]))
"""


def test_the_rights_are_given_again_to_tables_that_came_since() -> None:
    with database_of_its_own() as address:
        name = address.rpartition("/")[2]
        with psycopg.connect(database_url(name, OWNER), autocommit=True) as owner:
            owner.execute("CREATE TABLE core_late (id int)")
            owner.execute(f"GRANT UPDATE ON poles_poleevent TO {APPLICATION}")
        done = subprocess.run(
            [sys.executable, "-c", _GIVE],
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "ptce_registry.settings", "DATABASE_URL": address},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        before, given, after = json.loads(done.stdout)
        assert "il peut écrire dans l’historique" in before
        assert (given, after) == (True, "")
        with psycopg.connect(address) as pages:
            pages.execute("INSERT INTO core_late VALUES (1)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                pages.execute("UPDATE poles_poleevent SET pgh_label = ''")


def test_who_may_rewrite_the_history_is_told_from_the_pages(settings: Any) -> None:
    # The account of the tests' server is a superuser, whatever role it takes.
    assert "il est superutilisateur." in refusal()
    settings.DATABASE_OWNER = {}
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL manque"):
        call_command("grant_rights")
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL manque"):
        call_command("migrate")
