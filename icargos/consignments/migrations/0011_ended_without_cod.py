from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consignments", "0010_wishes_and_notes")]
    operations = [
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(
                fields=["shipper", "status_at"],
                name="consignments_ended",
                condition=models.Q(status="returned_to_shipper") | models.Q(status="delivered", cod_paisa=0),
            ),
        ),
    ]
