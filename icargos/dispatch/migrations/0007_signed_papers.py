from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consignments", "0011_pieces_and_papers"),
        ("dispatch", "0006_count_advice"),
    ]
    operations = [
        migrations.AddField(model_name="proof", name="paper_keys", field=models.JSONField(db_default={}, default=dict)),
    ]
