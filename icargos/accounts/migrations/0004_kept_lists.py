import django.contrib.postgres.fields
import django.db.models.functions.text
from django.db import migrations, models

from icargos.ground.tenancy import fence

# What a person keeps goes with their seat.
SEATED = ";".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table}_seat FOREIGN KEY (shipper_id, user_id)"
    " REFERENCES accounts_membership (shipper_id, user_id) ON DELETE CASCADE"
    for table in ("accounts_savedview", "accounts_showncolumns")
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_keys")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("of", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=30)),
                ("query", models.CharField(max_length=1500)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="accounts_view_same_shipper"),
                    models.UniqueConstraint(
                        models.F("shipper_id"),
                        models.F("user_id"),
                        models.F("of"),
                        django.db.models.functions.text.Lower("name"),
                        name="accounts_view_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShownColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("of", models.CharField(max_length=20)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="accounts_columns_same_shipper"),
                    models.UniqueConstraint(fields=("shipper_id", "user_id", "of"), name="accounts_columns_once"),
                ],
            },
        ),
        fence("accounts_savedview", shipper="SELECT, INSERT, UPDATE, DELETE", staff="", relay=""),
        fence("accounts_showncolumns", shipper="SELECT, INSERT, UPDATE, DELETE", staff="", relay=""),
        migrations.RunSQL(SEATED, migrations.RunSQL.noop),
    ]
