from django.db import migrations

from core.sqlfiles import drop_move_version_sql, move_version_sql, run_sql_file

PUBLIC_TABLES = (
    "networks_network",
    "networks_networkregion",
)


class Migration(migrations.Migration):
    dependencies = [("networks", "0001_initial")]

    operations = [
        run_sql_file("networks/sql/regions.sql", "networks/sql/regions_reverse.sql"),
        migrations.RunSQL(
            move_version_sql(*PUBLIC_TABLES), drop_move_version_sql(*PUBLIC_TABLES)
        ),
    ]
