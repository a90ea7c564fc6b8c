from django.db import migrations

from icargos.consignments.rules import MOVES
from icargos.ground.tenancy import THIS_SHIPPER, fence, share, tie


def fill_moves(apps, schema_editor):
    """The database's copy of the table, written from the one in code."""
    move = apps.get_model("consignments", "LegalMove")
    move.objects.bulk_create(
        move(was=was.value, becomes=becomes.value) for was, targets in MOVES.items() for becomes in targets
    )


# A row enters as new_booked, and every later change of status is in the table or has its correction row.
GUARD = """
ALTER TABLE consignments_correction
    ADD COLUMN txid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE FUNCTION consignments_guard() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'new_booked' THEN
            RAISE EXCEPTION 'a consignment is booked as new_booked, not %', NEW.status
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM consignments_legalmove m WHERE m.was = OLD.status AND m.becomes = NEW.status)
        OR EXISTS (SELECT 1 FROM consignments_correction c
            WHERE c.consignment_id = NEW.id AND c.was = OLD.status AND c.becomes = NEW.status
                AND c.txid = pg_current_xact_id()::text::bigint) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'illegal move of % from % to %', NEW.cn, OLD.status, NEW.status
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_insert BEFORE INSERT ON consignments_consignment
    FOR EACH ROW WHEN (NEW.status <> 'new_booked') EXECUTE FUNCTION consignments_guard();
CREATE TRIGGER guard_move BEFORE UPDATE OF status ON consignments_consignment
    FOR EACH ROW EXECUTE FUNCTION consignments_guard();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consignments_event
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consignments_correction
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""

# Counters are appended, never updated, so that bookings of one shipper do not wait for each other.
TALLY = """
CREATE FUNCTION consignments_tally_booked() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n)
    SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, count(*)
    FROM new_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE FUNCTION consignments_tally_moved() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n)
    SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, sum(change) FROM (
        SELECT n.shipper_id, n.booked_at, n.destination_id, n.status, 1 AS change
            FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE n.status <> o.status OR n.destination_id <> o.destination_id
        UNION ALL
        SELECT o.shipper_id, o.booked_at, o.destination_id, o.status, -1
            FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE n.status <> o.status OR n.destination_id <> o.destination_id) AS changes
    GROUP BY 1, 2, 3, 4 HAVING sum(change) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_booked AFTER INSERT ON consignments_consignment
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION consignments_tally_booked();
CREATE TRIGGER tally_moved AFTER UPDATE ON consignments_consignment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION consignments_tally_moved();
"""

# Public tracking: what the door may read, each tier in one statement as one JSON text. An unknown number and a
# malformed one give the same empty answer. Zones and places are for the expected day and the map; the door shows the
# cities' names alone. The phone is masked here, so that the whole one never leaves the database on this way.
_CITY = "json_build_array({0}.name, {0}.urdu, {0}.zone, {0}.metro, {0}.lat, {0}.lon)"
_SEEN = {
    "cn": "c.cn",
    "status": "c.status",
    "status_at": "c.status_at",
    "service": "c.service",
    "booked_at": "c.booked_at",
    "origin": _CITY.format("o"),
    "destination": _CITY.format("d"),
    "milestones": "(SELECT coalesce(json_agg(json_build_object('status', e.code, 'at', e.occurred_at)"
    " ORDER BY e.occurred_at, e.id), '[]'::json)"
    " FROM consignments_event e WHERE e.consignment_id = c.id AND e.public AND e.moved)",
}
_COD = {"cod_paisa": "c.cod_paisa", "cod_state": "c.cod_state"}
_PERSON = {
    "first_name": "split_part(c.consignee_name, ' ', 1)",
    "masked_phone": "'0' || substr(c.consignee_phone, 4, 3) || '-•••••' || right(c.consignee_phone, 2)",
}


def track(function: str, key: str, told: dict[str, str]) -> migrations.RunSQL:
    """One reading function of public tracking: finds the parcel whose ``key`` column equals its argument."""
    pairs = ", ".join(f"'{name}', {source}" for name, source in told.items())
    return migrations.RunSQL(
        f"CREATE FUNCTION {function}(wanted text) RETURNS text"
        " LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
        f" BEGIN RETURN (SELECT json_build_object({pairs}) FROM consignments_consignment c"
        " JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id"
        f" WHERE c.{key} = wanted); END $$;"
        f"REVOKE ALL ON FUNCTION {function}(text) FROM PUBLIC;"
        f"GRANT EXECUTE ON FUNCTION {function}(text) TO icargos_app;"
    )


# LIKE cannot use its index under row security, so the search reads the tenant from the setting, as its definer.
SEARCH = f"""
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX consignments_name_trgm ON consignments_consignment
    USING gin (lower(consignee_name) gin_trgm_ops);
CREATE INDEX consignments_ref_prefix ON consignments_consignment (shipper_id, lower(order_ref) text_pattern_ops);
CREATE FUNCTION consignments_search(words text, phone text, number text, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM (
        (SELECT id FROM consignments_consignment
            WHERE number <> '' AND cn = number AND shipper_id = {THIS_SHIPPER})
        UNION
        (SELECT id FROM consignments_consignment
            WHERE phone <> '' AND consignee_phone = phone AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
        UNION
        (SELECT id FROM consignments_consignment
            WHERE words <> '' AND lower(order_ref) LIKE replace(replace(words, '\\', '\\\\'), '%', '\\%') || '%'
                AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
        UNION
        (SELECT id FROM consignments_consignment
            WHERE length(words) >= 3
                AND lower(consignee_name) LIKE '%' || replace(replace(words, '\\', '\\\\'), '%', '\\%') || '%'
                AND shipper_id = {THIS_SHIPPER} ORDER BY id DESC LIMIT most)
    ) AS found ORDER BY id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION consignments_search(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION consignments_search(text, text, text, integer) TO icargos_shipper;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consignments", "0001_initial"),
        ("ground", "0002_fences"),
        ("accounts", "0002_fences"),
        ("places", "0002_fences"),
    ]
    operations = [
        migrations.RunPython(fill_moves, migrations.RunPython.noop),
        share("consignments_legalmove", write=()),
        fence("consignments_consignment"),
        fence("consignments_event", shipper="SELECT, INSERT", staff="SELECT, INSERT"),
        fence("consignments_correction", shipper="SELECT", staff="SELECT, INSERT"),
        fence("consignments_tally", shipper="SELECT", staff="SELECT", relay="SELECT, INSERT, DELETE"),
        tie("consignments_event", "consignment_id", "consignments_consignment"),
        tie("consignments_consignment", "profile_id", "places_pickupprofile"),
        migrations.RunSQL(GUARD),
        migrations.RunSQL(TALLY),
        track("consignments_track", "cn", _SEEN),
        track("consignments_track_link", "tracking_token", _SEEN | _COD | _PERSON),
        track("consignments_track_label", "label_token", _SEEN | _COD),
        migrations.RunSQL(SEARCH),
    ]
