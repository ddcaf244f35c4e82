from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("networks", "0024_access")]

    operations = [
        run_sql_file("networks/sql/administrators.sql", "networks/sql/administrators_reverse.sql")
    ]
