from django.db import migrations


class Migration(migrations.Migration):
    """Two migrations came at once, each on the same one: what follows builds on both."""

    dependencies = [
        ("poles", "0034_decision_dates"),
        ("poles", "0040_record_versions"),
    ]

    operations = []
