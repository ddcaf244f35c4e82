from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("poles", "0033_drafts")]

    operations = [run_sql_file("poles/sql/versions.sql", "poles/sql/versions_reverse.sql")]
