from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("calls", "0002_triggers"),
        ("members", "0002_triggers"),
        ("networks", "0002_triggers"),
        ("poles", "0002_triggers"),
        ("territories", "0002_triggers"),
    ]

    operations = [run_sql_file("catalogue/sql/index.sql", "catalogue/sql/index_reverse.sql")]
