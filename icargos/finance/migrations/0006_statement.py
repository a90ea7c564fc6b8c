from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0005_earlier_charge")]
    operations = [
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["shipper_id", "at"], name="finance_transfer_when"),
        ),
    ]
