from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("poles", "0005_links_history")]

    operations = [run_sql_file("poles/sql/move_version.sql")]
