from django.db import migrations

from icargos.ground.tenancy import fence

APPEND_ONLY = """
CREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ground_fact
    FOR EACH STATEMENT EXECUTE FUNCTION ground_refuse_change();
"""

NUMBERS = """
CREATE SEQUENCE ground_cn_counter START 1;
GRANT USAGE ON SEQUENCE ground_cn_counter TO icargos_shipper, icargos_staff, icargos_relay;
INSERT INTO ground_secret (name, value)
    SELECT 'cn', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
GRANT SELECT ON ground_secret TO icargos_shipper, icargos_staff, icargos_relay;
"""

CACHE = """
CREATE TABLE ground_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX ground_cache_expires ON ground_cache (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON ground_cache TO icargos_app;
"""

LOGIN_TABLES = """
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO icargos_app;
GRANT SELECT ON django_migrations, django_content_type, auth_permission, auth_group, auth_group_permissions
    TO icargos_app;
"""

JOBS = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename LIKE 'procrastinate_%' LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO icargos_app, icargos_relay', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND sequencename LIKE 'procrastinate_%' LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO icargos_app, icargos_relay', name);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ground", "0001_initial"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        fence("ground_fact", shipper="SELECT, INSERT", staff="SELECT, INSERT", relay="SELECT, INSERT"),
        fence(
            "ground_outbox", shipper="SELECT, INSERT", staff="SELECT, INSERT", relay="SELECT, INSERT, UPDATE, DELETE"
        ),
        fence("ground_once", staff="", relay="SELECT, DELETE"),
        migrations.RunSQL(APPEND_ONLY),
        migrations.RunSQL(NUMBERS),
        migrations.RunSQL(CACHE),
        migrations.RunSQL(LOGIN_TABLES),
        migrations.RunSQL(JOBS),
    ]
