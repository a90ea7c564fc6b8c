from django.db import migrations, models

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0008_pickup_fences"),
        ("consignments", "0012_pieces_and_papers"),
    ]
    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("consignment_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=100)),
                ("media", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file_key", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="booking_document_same_shipper"),
                    models.UniqueConstraint(
                        fields=("shipper_id", "consignment_id", "sha256"), name="booking_document_once"
                    ),
                ],
            },
        ),
        fence("booking_document", shipper="SELECT, INSERT, DELETE", staff="SELECT", relay=""),
        tie("booking_document", "consignment_id", "consignments_consignment"),
    ]
