from django.db import migrations

from icargos.ground.tenancy import fence, tie


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_mended_imports")]
    operations = [
        fence("booking_importfix", staff="SELECT", relay="SELECT"),
        fence("booking_headermemory", staff="", relay=""),
        tie("booking_importfix", "import_id", "booking_import"),
    ]
