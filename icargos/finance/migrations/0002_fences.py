from django.db import migrations

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial"), ("consignments", "0002_fences")]
    operations = [
        fence("finance_charge"),
        tie("finance_charge", "consignment_id", "consignments_consignment"),
    ]
