import django.db.models.deletion
from django.db import migrations, models

from icargos.ground.tenancy import THIS_SHIPPER

# The list's search. What is asked for is null where it is not asked: the beginning of an order ref (lower case), of a
# phone (E.164) and of a number, and a name's pattern. How frequent it is among this shipper's parcels the planner cannot
# know, it knows all shippers together; so the NEAR newest are looked through first, which is all of them for most
# shippers. What is frequent there is met soon by walking on; what is rare is few enough to be fetched by index, one index
# for each kind. Each statement is planned with its values, for a plan without them takes every beginning for rare.
# Beginnings are asked for as ranges that hold in every collation: after that of a number or a phone come digits, before Z.
NEAR = 4_000
FREQUENT = NEAR // 25
FITS = """(starts_with(cn, $4) OR starts_with(consignee_phone, $3) OR starts_with(lower(order_ref), $1)
                OR lower(consignee_name) LIKE $2)"""
SEARCH = f"""
DROP FUNCTION consignments_search(text, text, text, integer);
CREATE FUNCTION consignments_search(
    ref text, name text, phone text, number text, most integer, below bigint, above bigint)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
    tenant bigint := {THIS_SHIPPER};
    low bigint := coalesce(above, 0);
    high bigint := coalesce(below, 9223372036854775807);
    way text := CASE WHEN above IS NULL THEN 'DESC' ELSE 'ASC' END;
    walk text := format('SELECT array_agg(id) FROM (SELECT id FROM (
            SELECT id, cn, consignee_phone, order_ref, consignee_name FROM consignments_consignment
            WHERE shipper_id = $5 AND id > $6 AND id < $7 ORDER BY id %s LIMIT $9) near
        WHERE {FITS} LIMIT $8) walked', way);
    edge bigint;
    found bigint[];
    met integer;
BEGIN
    IF most IS NOT NULL THEN
        EXECUTE format('SELECT id FROM consignments_consignment
            WHERE shipper_id = $1 AND id > $2 AND id < $3 ORDER BY id %s OFFSET {NEAR} LIMIT 1', way)
            INTO edge USING tenant, low, high;
        EXECUTE walk INTO found USING ref, name, phone, number, tenant, low, high, most, {NEAR};
        met := coalesce(cardinality(found), 0);
        IF edge IS NOT NULL AND met < most AND met >= {FREQUENT} THEN
            EXECUTE walk INTO found USING ref, name, phone, number, tenant, low, high, most, NULL::integer;
        END IF;
        IF edge IS NULL OR met = most OR met >= {FREQUENT} THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
    END IF;
    RETURN QUERY EXECUTE format('
        WITH by_number AS MATERIALIZED (SELECT id, shipper_id FROM consignments_consignment
            WHERE cn >= $4 AND cn <= $4 || ''Z'' AND starts_with(cn, $4)),
        by_phone AS MATERIALIZED (SELECT id FROM consignments_consignment
            WHERE shipper_id = $5 AND consignee_phone >= $3 AND consignee_phone <= $3 || ''Z''
                AND starts_with(consignee_phone, $3)),
        by_ref AS MATERIALIZED (SELECT id FROM consignments_consignment
            WHERE shipper_id = $5 AND lower(order_ref) ~>=~ $1 AND lower(order_ref) ~<~ ($1 || chr(1114111))),
        by_name AS MATERIALIZED (SELECT id FROM consignments_consignment
            WHERE shipper_id = $5 AND lower(consignee_name) LIKE $2)
        SELECT id FROM (SELECT id FROM by_number WHERE shipper_id = $5 UNION SELECT id FROM by_phone
            UNION SELECT id FROM by_ref UNION SELECT id FROM by_name) AS rare
        WHERE id > $6 AND id < $7 ORDER BY id %s LIMIT $8', way)
        USING ref, name, phone, number, tenant, low, high, most;
END $body$;
REVOKE ALL ON FUNCTION consignments_search(text, text, text, text, integer, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION consignments_search(text, text, text, text, integer, bigint, bigint) TO icargos_shipper;
DROP INDEX consignments_cn_prefix;
"""


class Migration(migrations.Migration):
    dependencies = [("consignments", "0007_label_stale")]
    operations = [
        migrations.AlterField(
            model_name="consignment",
            name="destination",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.city"
            ),
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(
                fields=["shipper", "-id"],
                include=(
                    "status",
                    "service",
                    "source",
                    "profile",
                    "destination",
                    "cod_paisa",
                    "reason",
                    "booked_at",
                ),
                name="consignments_list",
            ),
        ),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
