from django.db import migrations

from icargos.ground.tenancy import fence, tie

# Balances are appended beside each transfer, signed as the account is read: what we owe counts upwards by credit.
BALANCES = """
CREATE FUNCTION finance_balance_moved() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO finance_balance (shipper_id, account, since, paisa, n)
    SELECT shipper_id, account, since, sum(sign * amount_paisa), sum(sign) FROM (
        SELECT shipper_id, debit AS account, since, amount_paisa,
            CASE WHEN debit LIKE 'payable:%' OR debit = 'cash_over' THEN -1 ELSE 1 END AS sign FROM new_rows
        UNION ALL
        SELECT shipper_id, credit, since, amount_paisa,
            CASE WHEN credit LIKE 'payable:%' OR credit = 'cash_over' THEN 1 ELSE -1 END FROM new_rows) AS sides
    GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER balances AFTER INSERT ON finance_transfer
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION finance_balance_moved();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON finance_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON finance_cashclose
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
GRANT SELECT, INSERT ON finance_cashclose TO icargos_staff;
GRANT SELECT ON finance_cashclose TO icargos_relay;
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_ledger"), ("consignments", "0006_cod")]
    operations = [
        fence("finance_transfer", shipper="SELECT", staff="SELECT, INSERT", relay="SELECT"),
        fence("finance_balance", shipper="SELECT", staff="SELECT", relay="SELECT, INSERT, DELETE"),
        tie("finance_transfer", "consignment_id", "consignments_consignment"),
        migrations.RunSQL(BALANCES, migrations.RunSQL.noop),
    ]
