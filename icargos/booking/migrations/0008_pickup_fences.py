from django.db import migrations

from icargos.ground.tenancy import fence, tie

# The series and the riders' run sheets are the courier's own. A shipper draws numbers, and never sees a run sheet:
# what it may know of the rider stands in its own request.
OWN = """
GRANT SELECT, INSERT, UPDATE ON booking_series TO icargos_shipper, icargos_staff;
GRANT SELECT, INSERT, UPDATE ON booking_pickuprun TO icargos_staff;
GRANT SELECT ON booking_pickuprun TO icargos_relay;
"""

# A closed sheet is what two people signed. Its list never changes; a parcel that was not handed over is only marked
# as left, once, and the sheet as a whole can be withdrawn.
LOCKED = """
CREATE FUNCTION booking_sheet_locked() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'open' AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'closed' AND NEW.state = 'withdrawn' THEN
        OLD.state = NEW.state;
        OLD.withdrawn_at = NEW.withdrawn_at;
        OLD.withdrawn_by = NEW.withdrawn_by;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'load sheet % is %: it is not changed any more', OLD.number, OLD.state
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER locked BEFORE UPDATE OR DELETE ON booking_loadsheet
    FOR EACH ROW EXECUTE FUNCTION booking_sheet_locked();

CREATE FUNCTION booking_item_locked() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held booking_loadsheetitem;
BEGIN
    held := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    IF EXISTS (SELECT 1 FROM booking_loadsheet s
            WHERE s.shipper_id = held.shipper_id AND s.id = held.sheet_id AND s.state = 'open') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.left_at IS NULL THEN
        OLD.left_at = NEW.left_at;
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the load sheet of % is closed: its list is not changed any more', held.cn
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER locked BEFORE INSERT OR UPDATE OR DELETE ON booking_loadsheetitem
    FOR EACH ROW EXECUTE FUNCTION booking_item_locked();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON booking_loadsheet
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON booking_loadsheetitem
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0007_load_sheets_and_pickups"),
        ("consignments", "0004_revision"),
        ("ground", "0003_no_truncate"),
    ]
    operations = [
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        fence("booking_loadsheet", staff="SELECT"),
        fence("booking_loadsheetitem", shipper="SELECT, INSERT, UPDATE, DELETE", staff="SELECT, UPDATE"),
        fence("booking_pickupschedule", staff="SELECT"),
        fence("booking_pickuprequest"),
        fence("booking_pickupparcel", shipper="SELECT"),
        tie("booking_loadsheet", "profile_id", "places_pickupprofile"),
        tie("booking_loadsheetitem", "sheet_id", "booking_loadsheet"),
        tie("booking_loadsheetitem", "consignment_id", "consignments_consignment"),
        tie("booking_pickupschedule", "profile_id", "places_pickupprofile"),
        tie("booking_pickuprequest", "profile_id", "places_pickupprofile"),
        tie("booking_pickuprequest", "schedule_id", "booking_pickupschedule"),
        tie("booking_pickuprequest", "again_of", "booking_pickuprequest"),
        tie("booking_pickupparcel", "request_id", "booking_pickuprequest"),
        tie("booking_pickupparcel", "consignment_id", "consignments_consignment"),
        migrations.RunSQL(LOCKED, migrations.RunSQL.noop),
    ]
