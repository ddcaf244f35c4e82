from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_certain_facts"),
        ("networks", "0002_triggers"),
        ("poles", "0003_deferrable_periods"),
        ("territories", "0003_whole_coordinates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pole",
            name="poles_pole_position",
        ),
        migrations.AddConstraint(
            model_name="pole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None), ("position_origin", "")),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                        ("position_origin__in", ["main", "geocodage"]),
                    ),
                    _connector="OR",
                ),
                name="poles_pole_position",
                violation_error_message="Une position a une latitude, une longitude et une origine, ou rien des trois.",
            ),
        ),
    ]
