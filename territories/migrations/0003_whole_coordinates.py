from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0002_triggers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="territory",
            name="territories_territory_coordinates",
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="territories_territory_coordinates",
                violation_error_message="Il faut une latitude et une longitude, ou aucune des deux.",
            ),
        ),
    ]
