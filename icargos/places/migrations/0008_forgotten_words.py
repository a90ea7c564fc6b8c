from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0007_address_book")]
    operations = [
        migrations.RunSQL(
            "GRANT DELETE ON places_cityalias TO icargos_shipper",
            "REVOKE DELETE ON places_cityalias FROM icargos_shipper",
        )
    ]
