from django.db import migrations, models

from icargos.ground.tenancy import THIS_SHIPPER

NEVER_EMPTIED = """
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON consignments_event
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON consignments_correction
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""

# Who searches for A_1 means an underscore: LIKE would take it for any letter.
SEARCH = f"""
CREATE FUNCTION consignments_like(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(replace(replace(words, '\\', '\\\\'), '%', '\\%'), '_', '\\_')
$$;
CREATE OR REPLACE FUNCTION consignments_search(words text, phone text, number text, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM (
        (SELECT id FROM consignments_consignment
            WHERE number <> '' AND cn = number AND shipper_id = {THIS_SHIPPER})
        UNION
        (SELECT id FROM consignments_consignment
            WHERE phone <> '' AND consignee_phone = phone AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
        UNION
        (SELECT id FROM consignments_consignment
            WHERE words <> '' AND lower(order_ref) LIKE consignments_like(words) || '%'
                AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
        UNION
        (SELECT id FROM consignments_consignment
            WHERE length(words) >= 3 AND lower(consignee_name) LIKE '%' || consignments_like(words) || '%'
                AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
    ) AS found ORDER BY id DESC LIMIT most
$$;
"""


class Migration(migrations.Migration):
    """A scan's own id is unique within one shipper: a clash with another's would tell that it is there."""

    dependencies = [("consignments", "0002_fences"), ("ground", "0003_no_truncate")]
    operations = [
        migrations.RemoveConstraint(model_name="event", name="consignments_event_once"),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                fields=["shipper_id", "source", "source_event_id"], name="consignments_event_once"
            ),
        ),
        migrations.RunSQL(NEVER_EMPTIED, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
