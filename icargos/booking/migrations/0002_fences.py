from django.db import migrations

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial"), ("consignments", "0002_fences")]
    operations = [
        fence("booking_import", relay="SELECT, UPDATE"),
        fence("booking_importrow", shipper="SELECT, INSERT, UPDATE, DELETE", relay="SELECT"),
        tie("booking_importrow", "import_id", "booking_import"),
        tie("booking_importrow", "consignment_id", "consignments_consignment"),
    ]
