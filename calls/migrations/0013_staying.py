from decimal import Decimal

from django.conf import settings
from django.db import migrations, models

from core.sqlfiles import run_sql_file

# What is suspended, or only planned, was not paid on any day.
_UNPAID = """
UPDATE calls_instalment SET paid_on = NULL WHERE state <> 'verse' AND paid_on IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0012_platform"),
        ("members", "0005_register_check"),
        ("poles", "0062_merged_into"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(_UNPAID, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="application",
            name="calls_application_amount",
        ),
        migrations.RemoveConstraint(
            model_name="application",
            name="calls_application_requested",
        ),
        migrations.RemoveConstraint(
            model_name="call",
            name="calls_call_amounts",
        ),
        migrations.RemoveConstraint(
            model_name="instalment",
            name="calls_instalment_amount",
        ),
        migrations.RemoveConstraint(
            model_name="instalment",
            name="calls_instalment_state",
        ),
        migrations.RemoveConstraint(
            model_name="strand",
            name="calls_strand_amount",
        ),
        migrations.RemoveConstraint(
            model_name="wave",
            name="calls_wave_amount",
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("requested_eur", None),
                    ("requested_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                    _connector="OR",
                ),
                name="calls_application_requested",
                violation_error_message="Un montant demandé n’est pas négatif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_eur", None),
                    models.Q(
                        ("amount_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                        ("decision__in", ["laureat", "accompagne"]),
                    ),
                    _connector="OR",
                ),
                name="calls_application_amount",
                violation_error_message="Seul un lauréat ou un accompagné reçoit un montant.",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("envelope_eur", None),
                        ("envelope_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                        _connector="OR",
                    ),
                    models.Q(
                        ("award_min_eur", None),
                        ("award_min_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                        _connector="OR",
                    ),
                    models.Q(
                        ("award_max_eur", None),
                        ("award_max_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                        _connector="OR",
                    ),
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
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_eur__gt", 0),
                    ("amount_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                    ("state__in", ["prevu", "verse", "suspendu"]),
                ),
                name="calls_instalment_amount",
                violation_error_message="Un versement a un montant et un état.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_on__isnull", False), ("state", "verse")),
                    models.Q(
                        ("paid_on", None),
                        ("state", "suspendu"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    models.Q(("paid_on", None), ("state", "prevu")),
                    _connector="OR",
                ),
                name="calls_instalment_state",
                violation_error_message="Un versement fait, et lui seul, a la date où il l’est ; un versement suspendu dit pourquoi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="strand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("envelope_eur", None),
                    ("envelope_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                    _connector="OR",
                ),
                name="calls_strand_amount",
                violation_error_message="Une enveloppe est positive.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("envelope_eur", None),
                    ("envelope_eur__range", (Decimal(0), Decimal("9999999999.99"))),
                    _connector="OR",
                ),
                name="calls_wave_amount",
                violation_error_message="Une enveloppe est positive.",
            ),
        ),
        run_sql_file("calls/sql/staying.sql", "calls/sql/staying_reverse.sql"),
    ]
