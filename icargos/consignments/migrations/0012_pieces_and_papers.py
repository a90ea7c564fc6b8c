from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consignments", "0011_ended_without_cod")]
    operations = [
        migrations.AddField(
            model_name="consignment",
            name="piece_weights",
            field=models.CharField(blank=True, db_default="", max_length=700),
        ),
        migrations.AddField(
            model_name="consignment",
            name="signed_papers",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AlterField(model_name="revision", name="was", field=models.CharField(blank=True, max_length=700)),
        migrations.AlterField(
            model_name="revision", name="becomes", field=models.CharField(blank=True, max_length=700)
        ),
    ]
