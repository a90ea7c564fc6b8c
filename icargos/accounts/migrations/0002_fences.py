from django.db import migrations

from icargos.ground.tenancy import THIS_SHIPPER, fence

PEOPLE = f"""
ALTER TABLE accounts_user ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON accounts_user TO icargos_app USING (true) WITH CHECK (true);
CREATE POLICY shipper ON accounts_user TO icargos_shipper USING (
    EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = accounts_user.id AND m.shipper_id = {THIS_SHIPPER}));
CREATE POLICY staff ON accounts_user TO icargos_staff USING (true) WITH CHECK (true);
CREATE POLICY relay ON accounts_user TO icargos_relay USING (true);
GRANT SELECT ON accounts_user TO icargos_app;
GRANT UPDATE (password, last_login, name, language) ON accounts_user TO icargos_app;
GRANT SELECT (id, name, email, is_active) ON accounts_user TO icargos_shipper;
GRANT SELECT, INSERT, UPDATE ON accounts_user TO icargos_staff;
GRANT SELECT ON accounts_user TO icargos_relay;
"""

# What a signed-in person may act as: called before any tenant is known, so it is one of the few definers.
MEMBERSHIPS = """
CREATE FUNCTION accounts_memberships(person bigint)
RETURNS TABLE (shipper_id bigint, shipper_name text, account_no text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, s.name::text, s.account_no::text, m.role::text
    FROM accounts_membership m JOIN accounts_shipper s ON s.id = m.shipper_id
    WHERE m.user_id = person AND s.active ORDER BY s.name
$$;
REVOKE ALL ON FUNCTION accounts_memberships(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_memberships(bigint) TO icargos_app;
"""

ADDRESSES = """
GRANT SELECT, INSERT, UPDATE, DELETE ON account_emailaddress, account_emailconfirmation TO icargos_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("ground", "0002_fences"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [
        fence("accounts_membership", shipper="SELECT, INSERT, UPDATE, DELETE", staff="SELECT, INSERT, UPDATE, DELETE"),
        fence("accounts_shipper", shipper="SELECT", tenant_column="id"),
        migrations.RunSQL(PEOPLE),
        migrations.RunSQL(MEMBERSHIPS),
        migrations.RunSQL(ADDRESSES),
    ]
