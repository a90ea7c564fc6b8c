from django.db import migrations

from icargos.ground.tenancy import fence, tie

# A manifest is the courier's own, with parcels of many shippers. A shipper reads of it what the row of its own parcel
# opens, and no more than the columns named here: neither driver and seal, nor what else is in the bags.
OWN = """
GRANT SELECT, INSERT, UPDATE ON dispatch_monthcount, dispatch_manifest TO icargos_staff;
GRANT SELECT ON dispatch_monthcount, dispatch_manifest TO icargos_relay;
GRANT SELECT (id, number, origin_id, destination_id, vehicle, route, expected_at, state, departed_at)
    ON dispatch_manifest TO icargos_shipper;
ALTER TABLE dispatch_manifest ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON dispatch_manifest TO icargos_staff USING (true) WITH CHECK (true);
CREATE POLICY relay ON dispatch_manifest TO icargos_relay USING (true) WITH CHECK (true);
CREATE POLICY shipper ON dispatch_manifest FOR SELECT TO icargos_shipper USING (
    state <> 'open' AND EXISTS (SELECT 1 FROM dispatch_manifestitem i WHERE i.manifest_id = dispatch_manifest.id));
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0008_manifests"), ("consignments", "0004_revision")]
    operations = [
        fence("dispatch_manifestitem", shipper="SELECT", staff="SELECT, INSERT, UPDATE, DELETE"),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        tie("dispatch_manifestitem", "consignment_id", "consignments_consignment"),
    ]
