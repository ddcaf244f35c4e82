from django.db import migrations

from core.sqlfiles import drop_move_version_sql, move_version_sql, run_sql_file

PUBLIC_TABLES = (
    "territories_territory",
    "territories_formercommune",
)


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_initial")]

    operations = [
        run_sql_file("territories/sql/parents.sql", "territories/sql/parents_reverse.sql"),
        migrations.RunSQL(
            move_version_sql(*PUBLIC_TABLES), drop_move_version_sql(*PUBLIC_TABLES)
        ),
    ]
