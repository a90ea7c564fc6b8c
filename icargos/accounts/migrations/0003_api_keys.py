import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from icargos.ground.tenancy import fence

SHOWN = "id, shipper_id, name, prefix, scopes, created_by_id, created_at, last_used_at, revoked_at"
# Who comes with a key: asked before any tenant is known, so it is one of the few definers. Nothing else of the key, and
# nothing of the shipper but whether it is open.
LOOK_UP = """
CREATE FUNCTION accounts_api_key(wanted text)
RETURNS TABLE (id bigint, shipper_id bigint, name text, hash bytea, scopes text[],
    used timestamptz, revoked boolean, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.id, k.shipper_id, k.name::text, k.hash, k.scopes::text[], k.last_used_at, k.revoked_at IS NOT NULL, s.active
    FROM accounts_apikey k JOIN accounts_shipper s ON s.id = k.shipper_id WHERE k.prefix = wanted
$$;
REVOKE ALL ON FUNCTION accounts_api_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_api_key(text) TO icargos_app;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_fences")]
    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "shipper",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.shipper"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("shipper"),
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("revoked_at", None)),
                        name="accounts_apikey_name_once",
                    )
                ],
            },
        ),
        # What a key is and may never changes; it is used, and one day revoked. Nobody reads the hash but the look-up.
        fence(
            "accounts_apikey",
            shipper=f"SELECT ({SHOWN}), INSERT, UPDATE (last_used_at, revoked_at)",
            staff=f"SELECT ({SHOWN}), UPDATE (revoked_at)",
            relay="",
        ),
        migrations.RunSQL(LOOK_UP, migrations.RunSQL.noop),
    ]
