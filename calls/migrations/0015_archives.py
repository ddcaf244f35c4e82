from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0014_funds_and_documents"),
    ]

    operations = [
        run_sql_file("calls/sql/archives.sql", "calls/sql/archives_reverse.sql"),
    ]
