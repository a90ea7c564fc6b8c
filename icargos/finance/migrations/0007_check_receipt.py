from django.db import migrations

# Whoever holds a printed receipt asks before a shipper is known: what the page tells him, and no name, place or rider.
# The caller proves by the token that he holds the paper; the number alone tells nobody anything.
CHECK = """
CREATE FUNCTION finance_check_receipt(wanted text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RETURN (
    SELECT json_build_object('cn', c.cn, 'entry', t.id, 'key', t.key, 'amount_paisa', t.amount_paisa, 'at', t.at,
        'stands', NOT EXISTS (SELECT 1 FROM finance_transfer r WHERE r.cause = 'reverse' AND r.key = t.key))
    FROM consignments_consignment c JOIN finance_transfer t ON t.consignment_id = c.id AND t.cause = 'collect'
    WHERE c.cn = wanted ORDER BY t.id DESC LIMIT 1);
END $$;
REVOKE ALL ON FUNCTION finance_check_receipt(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION finance_check_receipt(text) TO icargos_app;
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0006_statement"), ("consignments", "0011_ended_without_cod")]
    operations = [migrations.RunSQL(CHECK, "DROP FUNCTION finance_check_receipt(text)")]
