from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("networks", "0022_invitations")]

    operations = [run_sql_file("networks/sql/managers.sql", "networks/sql/managers_reverse.sql")]
