from django.db import migrations, models
from django.db.models.functions import Lower

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("consignments", "0008_list")]
    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=24)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="consignments_tag_same_shipper"),
                    models.UniqueConstraint(models.F("shipper_id"), Lower("name"), name="consignments_tag_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("tag_id", models.BigIntegerField()),
                ("consignment_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shipper_id", "tag_id", "consignment_id"), name="consignments_tagged_once"
                    )
                ],
                "indexes": [models.Index(fields=["shipper_id", "consignment_id"], name="consignments_tags_of")],
            },
        ),
        fence("consignments_tag", shipper="SELECT, INSERT, UPDATE, DELETE", staff="", relay=""),
        fence("consignments_tagging", shipper="SELECT, INSERT, DELETE", staff="", relay=""),
        tie("consignments_tagging", "tag_id", "consignments_tag"),
        tie("consignments_tagging", "consignment_id", "consignments_consignment"),
    ]
