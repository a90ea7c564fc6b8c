import django.contrib.postgres.fields
from django.db import migrations, models

from icargos.ground.tenancy import fence


class Migration(migrations.Migration):
    dependencies = [
        ("consignments", "0012_pieces_and_papers"),
        ("dispatch", "0006_count_advice"),
    ]
    operations = [
        migrations.AddField(model_name="proof", name="paper_keys", field=models.JSONField(db_default={}, default=dict)),
        migrations.CreateModel(
            name="ProofZip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("by_id", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("language", models.CharField(max_length=8)),
                ("base_url", models.CharField(max_length=200)),
                (
                    "consignment_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("done", models.IntegerField(default=0)),
                ("proofs", models.IntegerField(default=0)),
                ("state", models.CharField(max_length=8)),
                ("file_key", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="dispatch_proofzip_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="dispatch_proofzip_same_shipper")
                ],
            },
        ),
        fence("dispatch_proofzip", staff="", relay="SELECT, DELETE"),
    ]
