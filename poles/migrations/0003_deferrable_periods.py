import django.contrib.postgres.constraints
import django.db.models.constraints
from django.db import migrations, models

import core.expressions


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_fact_labels"),
        ("poles", "0002_triggers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="poles_membership_no_overlap",
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="poles_membership_one_lead",
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[
                    ("pole", "="),
                    ("organisation", "="),
                    (core.expressions.DateRange("begins_on", "ends_on"), "&&"),
                ],
                name="poles_membership_no_overlap",
                violation_error_message="Cette organisation participe déjà au pôle pendant cette période.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("role", "porteur")),
                deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                expressions=[
                    ("pole", "="),
                    (core.expressions.DateRange("begins_on", "ends_on"), "&&"),
                ],
                name="poles_membership_one_lead",
                violation_error_message="Le pôle a déjà une structure porteuse à cette période.",
            ),
        ),
    ]
