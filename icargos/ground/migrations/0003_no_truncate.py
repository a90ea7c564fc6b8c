from django.db import migrations


class Migration(migrations.Migration):
    """Emptying the table is a change too, and no row trigger sees it."""

    dependencies = [("ground", "0002_fences")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ground_fact"
            " FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change()",
            "DROP TRIGGER never_emptied ON ground_fact",
        )
    ]
