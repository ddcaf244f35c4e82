from django.db import migrations

from core.sqlfiles import drop_move_version_sql, move_version_sql, run_sql_file

PUBLIC_TABLES = (
    "poles_theme",
    "poles_pole",
    "poles_poletheme",
    "poles_polecoverage",
    "poles_polenetwork",
    "poles_polesource",
    "poles_membership",
    "poles_poleproject",
    "poles_poleproject_members",
    "poles_polefigures",
    "poles_study",
    "poles_study_poles",
)


class Migration(migrations.Migration):
    dependencies = [("poles", "0001_initial")]

    operations = [
        run_sql_file("poles/sql/poles.sql", "poles/sql/poles_reverse.sql"),
        migrations.RunSQL(
            move_version_sql(*PUBLIC_TABLES), drop_move_version_sql(*PUBLIC_TABLES)
        ),
    ]
