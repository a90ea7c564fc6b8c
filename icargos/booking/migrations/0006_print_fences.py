from django.db import migrations

from icargos.ground.tenancy import fence


class Migration(migrations.Migration):
    dependencies = [("booking", "0005_prints")]
    operations = [
        fence("booking_print", staff="", relay="SELECT, DELETE"),
        fence("booking_labelsettings", staff="", relay=""),
    ]
