from django.db import migrations

from core.sqlfiles import drop_move_version_sql, move_version_sql, run_sql_file

PUBLIC_TABLES = (
    "members_organisation",
)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        run_sql_file("members/sql/organisations.sql", "members/sql/organisations_reverse.sql"),
        migrations.RunSQL(
            move_version_sql(*PUBLIC_TABLES), drop_move_version_sql(*PUBLIC_TABLES)
        ),
    ]
