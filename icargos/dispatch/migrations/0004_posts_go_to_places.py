from django.db import migrations


class Migration(migrations.Migration):
    """Who works where concerns pickups too: the table goes down a floor, with its rows and its grants."""

    dependencies = [("dispatch", "0003_check_proof")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE dispatch_post RENAME TO places_post;"
                    "ALTER SEQUENCE dispatch_post_id_seq RENAME TO places_post_id_seq;",
                    "ALTER TABLE places_post RENAME TO dispatch_post;"
                    "ALTER SEQUENCE places_post_id_seq RENAME TO dispatch_post_id_seq;",
                )
            ],
            state_operations=[migrations.DeleteModel(name="Post")],
        )
    ]
