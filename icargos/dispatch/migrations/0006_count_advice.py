from django.db import migrations, models


class Migration(migrations.Migration):
    """Every page of a shipper counts its questions: by the index alone."""

    dependencies = [("dispatch", "0005_search_by_beginning")]
    operations = [
        migrations.AddIndex(
            model_name="advice",
            index=models.Index(fields=["shipper_id", "state"], name="dispatch_advice_counted"),
        ),
    ]
