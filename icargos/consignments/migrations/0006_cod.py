from django.db import migrations, models

# A copy of COD_MOVES; a test holds it against the table in code.
MOVES = (
    "none>expected expected>none expected>collected expected>written_off collected>deposited collected>reverted "
    "collected>adjusted collected>written_off deposited>payable deposited>collected deposited>adjusted "
    "payable>on_statement payable>deposited payable>adjusted on_statement>paid on_statement>payable "
    "paid>on_statement paid>payable reverted>expected reverted>collected reverted>written_off adjusted>payable "
    "adjusted>on_statement adjusted>written_off"
)

GUARD = f"""
CREATE FUNCTION consignments_guard_cod() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cod_state || '>' || NEW.cod_state = ANY(string_to_array('{MOVES}', ' ')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'illegal move of the COD of % from % to %', NEW.cn, OLD.cod_state, NEW.cod_state
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_cod BEFORE UPDATE OF cod_state ON consignments_consignment
    FOR EACH ROW WHEN (OLD.cod_state <> NEW.cod_state) EXECUTE FUNCTION consignments_guard_cod();
"""

# The counters learn the parcels' COD, so that "COD in process" is a sum over few rows.
TALLY = """
CREATE OR REPLACE FUNCTION consignments_tally_booked() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa)
    SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, count(*), sum(cod_paisa)
    FROM new_rows GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION consignments_tally_moved() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa)
    SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, sum(change), sum(cod)
    FROM (
        SELECT n.shipper_id, n.booked_at, n.destination_id, n.status, 1 AS change, n.cod_paisa AS cod
            FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE (n.status, n.destination_id, n.cod_paisa) <> (o.status, o.destination_id, o.cod_paisa)
        UNION ALL
        SELECT o.shipper_id, o.booked_at, o.destination_id, o.status, -1, -o.cod_paisa
            FROM new_rows n JOIN old_rows o ON o.id = n.id
            WHERE (n.status, n.destination_id, n.cod_paisa) <> (o.status, o.destination_id, o.cod_paisa)) AS changes
    GROUP BY 1, 2, 3, 4 HAVING sum(change) <> 0 OR sum(cod) <> 0;
    RETURN NULL;
END $$;
LOCK TABLE consignments_consignment IN SHARE MODE;
DELETE FROM consignments_tally;
INSERT INTO consignments_tally (shipper_id, day, destination_id, status, n, cod_paisa)
    SELECT shipper_id, (booked_at AT TIME ZONE 'Asia/Karachi')::date, destination_id, status, count(*), sum(cod_paisa)
    FROM consignments_consignment GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("consignments", "0005_search_by_prefix")]
    operations = [
        migrations.AddField(
            model_name="tally",
            name="cod_paisa",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(
                condition=models.Q(("cod_state__in", ["collected", "deposited", "on_statement", "payable"])),
                fields=["shipper", "cod_state", "-id"],
                name="consignments_cod_owed",
            ),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(TALLY, migrations.RunSQL.noop),
    ]
