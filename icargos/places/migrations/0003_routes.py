import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0002_fences")]
    operations = [
        migrations.RemoveField(model_name="station", name="routes"),
        migrations.AlterField(
            model_name="station",
            name="city",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.city"),
        ),
        migrations.AddField(
            model_name="city",
            name="station",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.station"
            ),
        ),
        migrations.AddField(model_name="city", name="route", field=models.SmallIntegerField(default=0)),
    ]
