from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("poles", "0063_names_out_of_history"),
    ]

    operations = [
        run_sql_file("poles/sql/answered_proposals.sql", "poles/sql/answered_proposals_reverse.sql"),
    ]
