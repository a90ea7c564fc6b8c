from django.db import migrations

from icargos.ground.tenancy import fence, share

PUBLISHED_ONCE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tariff_ratecard
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("tariff", "0001_initial"), ("ground", "0002_fences"), ("accounts", "0002_fences")]
    operations = [
        fence("tariff_ratecard", shipper="SELECT", staff="SELECT, INSERT", also_for_all=True),
        migrations.RunSQL(PUBLISHED_ONCE, migrations.RunSQL.noop),
        share("tariff_taxrow"),
        share("tariff_withholdingrow"),
    ]
