from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_triggers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="factevidence",
            name="aspect",
            field=models.CharField(
                choices=[
                    ("kind", "nature"),
                    ("is_commercial", "entreprise commerciale hors ESS"),
                    ("is_ess", "entité de l’ESS"),
                    ("is_training_body", "organisme de formation déclaré"),
                    ("is_non_ess_grouping", "groupement d’une majorité d’entreprises hors ESS"),
                    ("is_legal_person", "personne morale"),
                ],
                max_length=20,
                verbose_name="objet",
            ),
        ),
        migrations.AlterField(
            model_name="factevidenceevent",
            name="aspect",
            field=models.CharField(
                choices=[
                    ("kind", "nature"),
                    ("is_commercial", "entreprise commerciale hors ESS"),
                    ("is_ess", "entité de l’ESS"),
                    ("is_training_body", "organisme de formation déclaré"),
                    ("is_non_ess_grouping", "groupement d’une majorité d’entreprises hors ESS"),
                    ("is_legal_person", "personne morale"),
                ],
                max_length=20,
                verbose_name="objet",
            ),
        ),
    ]
