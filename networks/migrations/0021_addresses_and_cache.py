import networks.models.people
from django.db import migrations

# What is kept for a while and may be lost: no crash is worth writing it twice.
CACHE = """
CREATE UNLOGGED TABLE networks_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX networks_cache_expires ON networks_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("networks", "0020_notices")]

    operations = [
        migrations.RunSQL(
            "UPDATE networks_user SET email = lower(email) WHERE email <> lower(email)",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=networks.models.people.AddressField(
                max_length=254, unique=True, verbose_name="adresse électronique"
            ),
        ),
        migrations.RunSQL(CACHE, "DROP TABLE networks_cache"),
    ]
