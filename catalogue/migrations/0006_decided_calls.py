from django.db import migrations

from core.sqlfiles import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_verdict"),
        ("calls", "0005_rules"),
    ]

    operations = [
        run_sql_file("catalogue/sql/refresh.sql"),
        # A wave that is decided tells its laureates, as a call does.
        migrations.RunSQL(
            """
            CREATE TRIGGER zz_catalogue_update AFTER UPDATE ON calls_wave
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION catalogue_follow(
                'SELECT pole_id FROM calls_application WHERE wave_id IN (SELECT id FROM changed_rows)')
            """,
            "DROP TRIGGER zz_catalogue_update ON calls_wave",
        ),
    ]
