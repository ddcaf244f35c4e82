from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_decided_calls"),
    ]

    operations = [
        run_sql_file("catalogue/sql/refresh.sql"),
        # Those that the lists told too much of.
        migrations.RunSQL(
            "SELECT catalogue_refresh(array_agg(DISTINCT pole_id)) FROM calls_application"
            " WHERE NOT imported",
            migrations.RunSQL.noop,
        ),
    ]
