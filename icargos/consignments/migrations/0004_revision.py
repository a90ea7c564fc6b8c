from django.db import migrations, models

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("consignments", "0003_event_once_for_each_shipper")]
    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("consignment_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(max_length=250)),
                ("field", models.CharField(max_length=20)),
                ("was", models.CharField(blank=True, max_length=250)),
                ("becomes", models.CharField(blank=True, max_length=250)),
            ],
            options={"indexes": [models.Index(fields=["consignment_id", "id"], name="consignments_revision_of")]},
        ),
        fence("consignments_revision", shipper="SELECT, INSERT", staff="SELECT, INSERT", relay="SELECT, DELETE"),
        tie("consignments_revision", "consignment_id", "consignments_consignment"),
    ]
