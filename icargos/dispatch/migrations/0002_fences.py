from django.db import migrations

from icargos.ground.tenancy import fence, tie

# Posts, run sheets and reports are the courier's own: no shipper's role may name these tables at all.
OWN = """
GRANT SELECT, INSERT, UPDATE ON dispatch_post, dispatch_daycount, dispatch_run TO icargos_staff;
GRANT SELECT, INSERT ON dispatch_report TO icargos_staff;
GRANT SELECT ON dispatch_post, dispatch_daycount, dispatch_run, dispatch_report TO icargos_relay;
"""

NEVER_CHANGED = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON dispatch_proof
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON dispatch_proof
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""

# The desk looks through every shipper's parcels. LIKE cannot use its index under row security, so the search is a
# definer that only the courier's staff may call. It asks shipper by shipper, so that it reads by the indexes there are.
PATTERN = r"'%' || replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_') || '%'"


def of_each_shipper(where: str) -> str:
    """The newest ids of every shipper's parcels among those ``where`` finds."""
    return (
        "(SELECT f.id FROM accounts_shipper s CROSS JOIN LATERAL (SELECT c.id FROM consignments_consignment c"
        f" WHERE c.shipper_id = s.id AND {where} ORDER BY c.id DESC LIMIT most) f)"
    )


SEARCH = f"""
CREATE FUNCTION dispatch_search(words text, phone text, number text, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM (
        (SELECT id FROM consignments_consignment WHERE number <> '' AND cn = number)
        UNION
        {of_each_shipper("phone <> '' AND c.consignee_phone = phone")}
        UNION
        {of_each_shipper("length(words) >= 3 AND lower(c.order_ref) = words")}
        UNION
        (SELECT id FROM consignments_consignment
            WHERE length(words) >= 3 AND lower(consignee_name) LIKE {PATTERN} ORDER BY id DESC LIMIT most)
    ) AS found ORDER BY id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION dispatch_search(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch_search(text, text, text, integer) TO icargos_staff;
"""

# What stands at stations is a small part of all parcels ever booked, and no new booking is in it.
STANDING = """
CREATE INDEX dispatch_standing ON consignments_consignment (destination_id, status) WHERE status IN (
    'received_at_destination', 'reattempt_requested', 'delivery_unsuccessful', 'shipper_advice_pending', 'on_hold',
    'hold_self_collection', 'return_confirmed');
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("consignments", "0004_revision"), ("ground", "0003_no_truncate")]
    operations = [
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        fence("dispatch_stop", shipper="SELECT", staff="SELECT, INSERT, UPDATE, DELETE"),
        fence("dispatch_attempt", shipper="SELECT", staff="SELECT, INSERT"),
        fence("dispatch_proof", shipper="SELECT", staff="SELECT, INSERT"),
        fence("dispatch_advice"),
        fence("dispatch_weighing", shipper="SELECT", staff="SELECT, INSERT"),
        fence("dispatch_conflict", shipper=""),
        tie("dispatch_stop", "consignment_id", "consignments_consignment"),
        tie("dispatch_attempt", "consignment_id", "consignments_consignment"),
        tie("dispatch_attempt", "stop_id", "dispatch_stop"),
        tie("dispatch_proof", "consignment_id", "consignments_consignment"),
        tie("dispatch_proof", "stop_id", "dispatch_stop"),
        tie("dispatch_advice", "consignment_id", "consignments_consignment"),
        tie("dispatch_advice", "attempt_id", "dispatch_attempt"),
        tie("dispatch_weighing", "consignment_id", "consignments_consignment"),
        tie("dispatch_conflict", "consignment_id", "consignments_consignment"),
        tie("dispatch_conflict", "stop_id", "dispatch_stop"),
        migrations.RunSQL(NEVER_CHANGED, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
    ]
