"""Migrations that run a file of SQL, so that a function is read where SQL is read."""

from pathlib import Path

from django.db.migrations import RunSQL

BASE_DIR = Path(__file__).resolve().parent.parent


def run_sql_file(path: str, reverse: str | None = None) -> RunSQL:
    """The operation that runs ``path`` (from the project's root), and ``reverse`` to undo it."""
    forward = (BASE_DIR / path).read_text(encoding="utf-8")
    backward = (BASE_DIR / reverse).read_text(encoding="utf-8") if reverse else RunSQL.noop
    return RunSQL([(forward, None)], [(backward, None)] if reverse else backward)


def move_version_sql(*tables: str) -> str:
    """The deferred triggers by which a change of ``tables`` moves the published data's version."""
    return "\n".join(
        f"CREATE CONSTRAINT TRIGGER {table}_moves_version AFTER INSERT OR UPDATE OR DELETE "
        f"ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION core_move_data_version();"
        for table in tables
    )


def drop_move_version_sql(*tables: str) -> str:
    """Undoes ``move_version_sql``."""
    return "\n".join(f"DROP TRIGGER {table}_moves_version ON {table};" for table in tables)
