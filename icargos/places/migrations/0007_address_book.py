import django.db.models.deletion
from django.db import migrations, models

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("places", "0006_calendar"), ("accounts", "0002_fences")]
    operations = [
        migrations.CreateModel(
            name="ProfileChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("profile_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("shipper_id", "user_id"), name="places_choice_once")],
            },
        ),
        migrations.CreateModel(
            name="Consignee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50)),
                ("phone", models.CharField(max_length=16)),
                ("alt_phone", models.CharField(blank=True, max_length=16)),
                ("email", models.CharField(blank=True, max_length=120)),
                ("address", models.CharField(max_length=250)),
                ("landmark", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "city",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="places.city"),
                ),
                (
                    "shipper",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.shipper"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper", "id"), name="places_consignee_same_shipper"),
                    models.UniqueConstraint(fields=("shipper", "phone", "address"), name="places_consignee_once"),
                ],
                "indexes": [models.Index(fields=["shipper", "name", "id"], name="places_consignee_by_name")],
            },
        ),
        # The address book is the shipper's own: the courier's people do not read it.
        fence("places_consignee", shipper="SELECT, INSERT, UPDATE, DELETE", staff="", relay="SELECT, DELETE"),
        fence("places_profilechoice", shipper="SELECT, INSERT, UPDATE, DELETE", staff="SELECT", relay="SELECT, DELETE"),
        tie("places_profilechoice", "profile_id", "places_pickupprofile"),
    ]
