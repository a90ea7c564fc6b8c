from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consignments", "0006_cod")]
    operations = [
        migrations.AddField(
            model_name="consignment",
            name="label_stale",
            field=models.BooleanField(db_default=False),
        ),
    ]
