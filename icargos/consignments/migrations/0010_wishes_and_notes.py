from django.db import migrations, models

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("consignments", "0009_tags")]
    operations = [
        migrations.AddField(
            model_name="consignment",
            name="return_address",
            field=models.CharField(blank=True, db_default="", max_length=250),
        ),
        migrations.AddField(model_name="consignment", name="pickup_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="consignment",
            name="delivery_window",
            field=models.CharField(blank=True, db_default="", max_length=5),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("consignment_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=500)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="consignments_note_same_shipper")
                ],
                "indexes": [models.Index(fields=["consignment_id", "id"], name="consignments_note_of")],
            },
        ),
        fence("consignments_note", shipper="SELECT, INSERT, DELETE", staff="", relay="SELECT, DELETE"),
        tie("consignments_note", "consignment_id", "consignments_consignment"),
    ]
