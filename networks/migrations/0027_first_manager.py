from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("networks", "0026_erasing")]

    operations = [
        run_sql_file("networks/sql/first_manager.sql", "networks/sql/first_manager_reverse.sql")
    ]
