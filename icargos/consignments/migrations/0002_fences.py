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

# Tier 1 of public tracking: what anyone who has the number may see, in one statement. An unknown number and a
# malformed one give the same empty answer.
TRACK = """
CREATE FUNCTION consignments_track(number text)
RETURNS TABLE (cn text, status text, status_at timestamptz, service text, booked_at timestamptz,
    origin text, origin_urdu text, destination text, destination_urdu text, milestones json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.cn::text, c.status::text, c.status_at, c.service::text, c.booked_at,
        o.name::text, o.urdu::text, d.name::text, d.urdu::text,
        (SELECT json_agg(json_build_object('code', e.code, 'at', e.occurred_at) ORDER BY e.id)
            FROM consignments_event e WHERE e.consignment_id = c.id AND e.public)
    FROM consignments_consignment c
    JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id
    WHERE c.cn = number
$$;
CREATE FUNCTION consignments_track_link(token text)
RETURNS TABLE (cn text, first_name text, masked_phone text, cod_paisa bigint, cod_state text, allow_open boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.cn::text, split_part(c.consignee_name, ' ', 1),
        '0' || substr(c.consignee_phone, 4, 3) || '-•••••' || right(c.consignee_phone, 2),
        c.cod_paisa, c.cod_state::text, c.allow_open
    FROM consignments_consignment c WHERE c.tracking_token = token
$$;
CREATE FUNCTION consignments_track_label(token text)
RETURNS TABLE (cn text, cod_paisa bigint, cod_state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.cn::text, c.cod_paisa, c.cod_state::text FROM consignments_consignment c WHERE c.label_token = token
$$;
REVOKE ALL ON FUNCTION consignments_track(text), consignments_track_link(text), consignments_track_label(text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION consignments_track(text), consignments_track_link(text), consignments_track_label(text)
    TO icargos_app;
"""

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
        migrations.RunSQL(TRACK),
        migrations.RunSQL(SEARCH),
    ]
