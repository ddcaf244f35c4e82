from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="dataversion",
            name="core_dataversion_one_row",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)),
                name="core_dataversion_one_row",
                violation_error_message="La version des données publiées tient en une ligne.",
            ),
        ),
    ]
