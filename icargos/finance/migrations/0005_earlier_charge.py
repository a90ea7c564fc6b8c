from django.db import migrations, models

from icargos.ground.tenancy import fence, tie

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON finance_earliercharge
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON finance_earliercharge
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0004_ledger_fences"), ("ground", "0003_no_truncate")]
    operations = [
        migrations.CreateModel(
            name="EarlierCharge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shipper_id", models.BigIntegerField()),
                ("consignment_id", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("card", models.CharField(max_length=40)),
                ("charges_paisa", models.BigIntegerField()),
                ("payable_paisa", models.BigIntegerField()),
                ("receipt", models.JSONField()),
                ("at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField()),
                ("replaced_by", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipper_id", "id"), name="finance_earlier_same_shipper")
                ],
                "indexes": [models.Index(fields=["consignment_id", "id"], name="finance_earlier_of")],
            },
        ),
        fence("finance_earliercharge", shipper="SELECT, INSERT", staff="SELECT"),
        tie("finance_earliercharge", "consignment_id", "consignments_consignment"),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
