import datetime

import django.db.models.deletion
from django.db import migrations, models

from icargos.ground.tenancy import share

FROM = datetime.date(2026, 1, 1)
# Starting values; an administrator edits them. Rawalpindi goes with Islamabad, its twin; None is every other city.
CUT_OFFS = {"KHI": 15, "LHE": 15, "ISB": 13, "RWP": 13, "FSD": 14, None: 14}
# The holidays whose day is known for years ahead. Those of the moon are entered when they are announced.
HOLIDAYS = {(3, 23): "Pakistan Day", (5, 1): "Labour Day", (8, 14): "Independence Day", (12, 25): "Quaid-e-Azam Day"}
YEARS = range(2026, 2031)


def load(apps, schema_editor):
    """The courier's first cut-offs and the fixed public holidays."""
    cities = dict(apps.get_model("places", "City").objects.values_list("code", "id"))
    cut_off, holiday = apps.get_model("places", "PickupCutOff"), apps.get_model("places", "Holiday")
    cut_off.objects.bulk_create(
        cut_off(city_id=cities[code] if code else None, at=datetime.time(hour), valid_from=FROM)
        for code, hour in CUT_OFFS.items()
    )
    holiday.objects.bulk_create(
        holiday(day=datetime.date(year, *day), name=name) for year in YEARS for day, name in HOLIDAYS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("places", "0005_posts")]
    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="PickupCutOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.TimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "city",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.city"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("city", "valid_from"), name="places_cutoff_once", nulls_distinct=False
                    )
                ],
            },
        ),
        share("places_holiday"),
        share("places_pickupcutoff"),
        migrations.RunPython(load, migrations.RunPython.noop, elidable=False),
    ]
