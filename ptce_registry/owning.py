"""The roles of a server that is ours to set up, in development and for the tests."""

import psycopg
from psycopg import sql

_GIVE = """
DO $$
DECLARE
    receiver name := current_setting('rights.receiver');
    statement text;
BEGIN
    FOR statement IN
        SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), receiver)
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, receiver) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S')
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND objid = c.oid
                    AND deptype IN ('a', 'e', 'i'))
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO %I', p.oid::regprocedure, receiver) FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND NOT EXISTS (
                SELECT FROM pg_depend
                WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
        UNION ALL
        SELECT format('ALTER TEXT SEARCH CONFIGURATION %s OWNER TO %I', t.oid::regconfig, receiver)
        FROM pg_ts_config t WHERE t.cfgnamespace = 'public'::regnamespace
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$
"""


def make_roles(connection: psycopg.Connection, *names: str, password: str = "") -> None:
    """Roles that sign in, and may do nothing yet; those that exist are left as they are."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for name in names:
        if name not in known:
            role = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name))
            if password:
                role += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
            connection.execute(role)


def give_all_to(connection: psycopg.Connection, owner: str, reader: str) -> None:
    """Gives the database, and all that is in it, to ``owner``, unless it is theirs.

    ``reader`` reads it, until it is given its own rights after the next migration.
    """
    known = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    if known == (owner,):
        return
    with connection.transaction():
        connection.execute("SELECT set_config('rights.receiver', %s, true)", [owner])
        connection.execute(_GIVE)
        reads = sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}")
        connection.execute(reads.format(sql.Identifier(reader)))
