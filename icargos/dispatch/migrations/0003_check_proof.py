from django.db import migrations

# Whoever holds a printed proof asks before a shipper is known: what the page tells him, and no name, place or picture.
# The caller proves by the token that he holds the paper; the number alone tells nobody anything.
_CITY = "json_build_array({0}.name, {0}.urdu, {0}.zone, {0}.metro, {0}.lat, {0}.lon)"
CHECK = f"""
CREATE FUNCTION dispatch_check_proof(wanted text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (
    SELECT json_build_object('cn', p.cn, 'delivered_at', p.occurred_at, 'sha256', p.sha256,
        'collected_paisa', p.cod_collected_paisa, 'status', c.status, 'status_at', c.status_at,
        'origin', {_CITY.format("o")}, 'destination', {_CITY.format("d")})
    FROM consignments_consignment c JOIN dispatch_proof p ON p.consignment_id = c.id
    JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id
    WHERE c.cn = wanted);
END $$;
REVOKE ALL ON FUNCTION dispatch_check_proof(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dispatch_check_proof(text) TO icargos_app;
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_fences")]
    operations = [migrations.RunSQL(CHECK, "DROP FUNCTION dispatch_check_proof(text)")]
