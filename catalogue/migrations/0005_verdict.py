from django.db import migrations, models

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_words'),
        ('poles', '0008_article9_triggers'),
    ]

    operations = [
        migrations.AddField(
            model_name='poleindex',
            name='verdict',
            field=models.TextField(default='indeterminee', verbose_name='composition minimale'),
            preserve_default=False,
        ),
        run_sql_file('catalogue/sql/refresh.sql'),
        migrations.RunSQL(
            'SELECT catalogue_refresh(array(SELECT id FROM poles_pole ORDER BY id))',
            migrations.RunSQL.noop,
        ),
    ]
