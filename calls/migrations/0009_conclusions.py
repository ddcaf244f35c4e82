from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0008_letter_texts"),
    ]

    operations = [
        run_sql_file("calls/sql/conclusions.sql", "calls/sql/conclusions_reverse.sql"),
    ]
