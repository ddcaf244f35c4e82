from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('poles', '0007_article9'),
    ]

    operations = [
        run_sql_file('poles/sql/article9.sql', 'poles/sql/article9_reverse.sql'),
        run_sql_file('poles/sql/recognition.sql', 'poles/sql/recognition_reverse.sql'),
        migrations.RunSQL('UPDATE poles_pole SET verdict = verdict', migrations.RunSQL.noop),
    ]
