import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_api_keys"),
        ("booking", "0004_mended_fences"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=12)),
                ("sorting", models.CharField(max_length=12)),
                ("mask_phone", models.BooleanField()),
                ("hide_product", models.BooleanField()),
                ("logo_key", models.CharField(blank=True, max_length=200)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=80)),
                ("shipper", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="accounts.shipper")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper", "id"), name="booking_labelsettings_same_shipper")
                ],
            },
        ),
        migrations.CreateModel(
            name="Print",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_id", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("form", models.CharField(max_length=12)),
                ("sorting", models.CharField(max_length=12)),
                ("mask_phone", models.BooleanField()),
                ("hide_product", models.BooleanField()),
                ("start", models.SmallIntegerField()),
                ("base_url", models.CharField(max_length=200)),
                (
                    "consignment_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("times", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("labels", models.IntegerField()),
                ("done", models.IntegerField(default=0)),
                ("state", models.CharField(max_length=8)),
                ("file_key", models.CharField(blank=True, max_length=200)),
                ("shipper", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.shipper")),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="booking_print_at")],
                "constraints": [models.UniqueConstraint(fields=("shipper", "id"), name="booking_print_same_shipper")],
            },
        ),
    ]
