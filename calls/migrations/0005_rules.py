from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0004_workings"),
        ("poles", "0060_imports"),
    ]

    operations = [
        run_sql_file("calls/sql/steps.sql", "calls/sql/steps_reverse.sql"),
        run_sql_file("calls/sql/opinions.sql", "calls/sql/opinions_reverse.sql"),
        run_sql_file("calls/sql/amounts.sql", "calls/sql/amounts_reverse.sql"),
    ]
