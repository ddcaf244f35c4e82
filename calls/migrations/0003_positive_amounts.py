from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0002_triggers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="call",
            name="calls_call_amounts",
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("envelope_eur", None), ("envelope_eur__gte", 0), _connector="OR"),
                    models.Q(("award_min_eur", None), ("award_min_eur__gte", 0), _connector="OR"),
                    models.Q(("award_max_eur", None), ("award_max_eur__gte", 0), _connector="OR"),
                    models.Q(
                        ("award_min_eur", None),
                        ("award_max_eur", None),
                        ("award_max_eur__gte", models.F("award_min_eur")),
                        _connector="OR",
                    ),
                ),
                name="calls_call_amounts",
                violation_error_message="Les montants sont positifs, et le maximum n’est pas sous le minimum.",
            ),
        ),
    ]
