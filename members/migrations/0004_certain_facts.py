from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_fact_labels"),
        ("territories", "0002_triggers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="organisation",
            name="members_organisation_kind_facts",
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("is_commercial", True),
                            ("is_commercial__isnull", False),
                            ("is_ess", False),
                            ("is_ess__isnull", False),
                            ("kind", "entreprise"),
                        ),
                        models.Q(
                            ("is_commercial", False),
                            ("is_commercial__isnull", False),
                            ("is_ess", True),
                            ("is_ess__isnull", False),
                            ("kind", "ess"),
                        ),
                        models.Q(
                            ("is_commercial", False),
                            ("is_commercial__isnull", False),
                            ("is_ess", True),
                            ("is_ess__isnull", False),
                            ("kind", "association"),
                        ),
                        models.Q(
                            ("is_training_body", True),
                            ("is_training_body__isnull", False),
                            ("kind", "formation"),
                        ),
                        models.Q(
                            ("is_commercial", False),
                            ("is_commercial__isnull", False),
                            ("kind", "recherche"),
                        ),
                        models.Q(
                            ("is_commercial", False),
                            ("is_commercial__isnull", False),
                            ("is_ess", False),
                            ("is_ess__isnull", False),
                            ("kind", "collectivite"),
                        ),
                        ("kind", "autre"),
                        ("kind", "inconnu"),
                        _connector="OR",
                    ),
                    models.Q(
                        ("is_non_ess_grouping", True),
                        ("kind__in", ("ess", "recherche", "collectivite")),
                        _negated=True,
                    ),
                ),
                name="members_organisation_kind_facts",
                violation_error_message="Les qualités de l’organisation contredisent sa nature : une association ou une coopérative est une entité de l’ESS, une entreprise commerciale n’en est pas une, une collectivité n’est ni l’une ni l’autre.",
            ),
        ),
    ]
