from django.db import migrations

from core.sqlfiles import drop_move_version_sql, move_version_sql, run_sql_file

PUBLIC_TABLES = (
    "calls_call",
    "calls_wave",
    "calls_strand",
    "calls_application",
)


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]

    operations = [
        run_sql_file("calls/sql/applications.sql", "calls/sql/applications_reverse.sql"),
        migrations.RunSQL(
            move_version_sql(*PUBLIC_TABLES), drop_move_version_sql(*PUBLIC_TABLES)
        ),
    ]
