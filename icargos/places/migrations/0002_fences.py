from django.db import migrations

from icargos.ground.tenancy import fence, share


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial"), ("ground", "0002_fences"), ("accounts", "0002_fences")]
    operations = [
        share("places_city"),
        share("places_station"),
        fence("places_pickupprofile"),
        fence("places_cityalias"),
    ]
