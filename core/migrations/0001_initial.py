import django.contrib.postgres.operations as postgres
from django.db import migrations, models

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        postgres.UnaccentExtension(),
        postgres.TrigramExtension(),
        postgres.BtreeGistExtension(),
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=1, verbose_name="numéro")),
                ("moved_at", models.DateTimeField(verbose_name="déplacé le")),
                (
                    "moved_by_transaction",
                    models.BigIntegerField(default=0, verbose_name="transaction"),
                ),
            ],
            options={
                "verbose_name": "version des données publiées",
                "verbose_name_plural": "version des données publiées",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="core_dataversion_one_row"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO core_dataversion (id, number, moved_at, moved_by_transaction)"
            " VALUES (1, 1, now(), 0)",
            migrations.RunSQL.noop,
        ),
        run_sql_file("core/sql/functions.sql", "core/sql/functions_reverse.sql"),
    ]
