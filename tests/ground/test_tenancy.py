"""The second fence: who sees and writes which rows when the queries forget to ask."""

from typing import Any

import psycopg
import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from icargos.accounts.models import Membership, Shipper
from icargos.consignments import actions
from icargos.consignments.models import Consignment
from icargos.engine import role_faults
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import Forbidden
from tests.cast import NOW, Cast
from tests.parcels import draft, enter

# What sees past row security by design, each for one purpose (threat model, "Definers").
DEFINERS = {
    "accounts_api_key",
    "accounts_memberships",
    "consignments_guard",
    "consignments_search",
    "dispatch_check_proof",
    "dispatch_search",
    "consignments_tally_booked",
    "consignments_tally_moved",
    "consignments_track",
    "consignments_track_label",
    "consignments_track_link",
    "finance_balance_moved",
    "finance_check_receipt",
}
# Tables with a tenant column whose rows may belong to no tenant.
MAY_BE_NOBODYS = {"finance_balance", "finance_transfer", "ground_fact", "ground_outbox", "tariff_ratecard"}
# Named by the library that owns them; none of them holds a shipper's data.
BEFORE_ANY_TENANT = {
    "account_emailaddress",
    "account_emailconfirmation",
    "accounts_user",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "ground_bucket",
    "ground_cache",
}


def rows(statement: str, *values: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def tenant_tables() -> list[str]:
    found = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attname = 'shipper_id'"
        " AND NOT a.attisdropped ORDER BY 1"
    )
    return [str(name) for (name,) in found]


def state() -> tuple[str, str]:
    ((role, tenant),) = rows("SELECT current_setting('role'), coalesce(current_setting('icargos.shipper', true), '')")
    return str(role), str(tenant)


def test_every_table_of_a_shipper_is_behind_row_security(cast: Cast) -> None:
    guarded = {str(n) for (n,) in rows("SELECT relname FROM pg_class WHERE relrowsecurity")}
    nullable = {
        str(n)
        for (n,) in rows(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'shipper_id'"
            " AND table_schema = 'public' AND is_nullable = 'YES'"
        )
    }
    assert len(tenant_tables()) >= 12
    assert set(tenant_tables()) | {"accounts_shipper", "accounts_user"} <= guarded
    assert nullable <= MAY_BE_NOBODYS


def test_the_application_without_a_role_reads_no_table_of_a_shipper(cast: Cast) -> None:
    enter(cast)
    for table in [*tenant_tables(), "accounts_shipper"]:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows(f"SELECT 1 FROM {table}")
    open_to_it = {
        str(name)
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')"
            " AND relnamespace = 'public'::regnamespace AND has_any_column_privilege(current_user, oid, 'SELECT')"
            " AND relname NOT LIKE 'procrastinate%%'"
        )
    }
    shared = {
        "consignments_legalmove", "places_city", "places_holiday", "places_pickupcutoff", "places_station",
        "tariff_taxrow", "tariff_withholdingrow",
    }  # fmt: skip
    assert open_to_it <= BEFORE_ANY_TENANT | shared


def test_a_shipper_sees_its_own_rows_and_no_others(cast: Cast) -> None:
    enter(cast, 3)
    enter(cast, 2, whose="B")
    with acting(cast.actor("bilal")):
        assert Consignment.objects.count() == 3
        for table in tenant_tables():
            try:
                with transaction.atomic():
                    seen = rows(f"SELECT DISTINCT shipper_id FROM {table}")
            except ProgrammingError:
                continue  # no privilege at all
            assert {tenant for (tenant,) in seen} <= {cast.shipper_a, None}, table
            assert (None,) not in seen or table == "tariff_ratecard"
        assert list(Shipper.objects.values_list("id", flat=True)) == [cast.shipper_a]
        people = {n for (n,) in rows("SELECT name FROM accounts_user")}
        assert len(people) == 4
        assert not any("Zara" in str(name) or "Imran" in str(name) for name in people)
    with acting(cast.actor("zara")):
        assert Consignment.objects.count() == 2


def test_staff_see_the_rows_of_all_shippers(cast: Cast) -> None:
    enter(cast, 3)
    enter(cast, 2, whose="B")
    with acting(cast.actor("dawood")):
        assert Consignment.objects.count() == 5
        assert Shipper.objects.count() == 2


def test_a_shipper_sees_no_password(cast: Cast) -> None:
    with acting(cast.actor("ayesha")), pytest.raises(ProgrammingError, match="permission denied"):
        rows("SELECT password FROM accounts_user")


def test_the_role_and_the_tenant_end_with_the_transaction(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        assert state() == ("icargos_shipper", str(cast.shipper_a))
    assert state() == ("none", "")


def test_an_inner_actor_gives_the_outer_one_back(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        with acting(cast.actor("zara")):
            assert state() == ("icargos_shipper", str(cast.shipper_b))
            with acting(cast.actor("dawood")):
                assert state() == ("icargos_staff", "")
            assert state() == ("icargos_shipper", str(cast.shipper_b))
        assert state() == ("icargos_shipper", str(cast.shipper_a))


def test_an_error_inside_gives_the_outer_actor_back_and_undoes_the_inner_one(cast: Cast) -> None:
    with acting(cast.actor("bilal")):
        enter(cast)
        with pytest.raises(RuntimeError), acting(cast.actor("zara")):
            enter(cast, whose="B")
            raise RuntimeError
        assert state() == ("icargos_shipper", str(cast.shipper_a))
        with pytest.raises(DataError), acting(cast.actor("zara")):
            rows("SELECT 1 / 0")
        assert state() == ("icargos_shipper", str(cast.shipper_a))
    assert state() == ("none", "")
    with acting(cast.actor("dawood")):
        assert list(Consignment.objects.values_list("shipper_id", flat=True)) == [cast.shipper_a]


def test_a_pooled_connection_does_not_inherit_the_last_tenant(cast: Cast) -> None:
    enter(cast)
    connection.ensure_connection()
    before = connection.connection
    with pytest.raises(RuntimeError), acting(cast.actor("bilal")):
        raise RuntimeError
    assert connection.connection is before
    with pytest.raises(ProgrammingError, match="permission denied"):
        rows("SELECT 1 FROM consignments_consignment")
    connection.ensure_connection()
    with acting(cast.actor("zara")):
        assert Consignment.objects.count() == 0


def test_a_tenant_without_a_role_and_a_role_without_a_tenant_see_nothing(cast: Cast) -> None:
    enter(cast)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows("SELECT set_config('icargos.shipper', %s, true)", str(cast.shipper_a))
        rows("SELECT 1 FROM consignments_consignment")
    with transaction.atomic():
        rows("SELECT set_config('role', 'icargos_shipper', true)")
        assert rows("SELECT 1 FROM consignments_consignment") == []


def test_a_shippers_actor_without_a_shipper_is_refused(cast: Cast) -> None:
    with pytest.raises(Forbidden), acting(Actor(Kind.SHIPPER)):
        pass
    assert state() == ("none", "")


def test_a_shipper_cannot_write_a_row_for_another(cast: Cast) -> None:
    mine, theirs = enter(cast)[0], enter(cast, whose="B")[0]
    with acting(cast.actor("bilal")):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Consignment.objects.filter(id=mine.id).update(shipper_id=cast.shipper_b)
        assert Consignment.objects.filter(id=theirs.id).update(remarks="taken") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Membership.objects.create(shipper_id=cast.shipper_b, user_id=cast.people["bilal"], role="owner")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            rows(
                "INSERT INTO ground_fact (at, kind, shipper_id, subject_id, actor_kind, request_id, data)"
                " VALUES (%s, 'x', %s, 1, 'shipper', '', '{}') RETURNING id",
                NOW,
                cast.shipper_b,
            )
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Shipper.objects.filter(id=cast.shipper_a).update(name="Renamed")
    with acting(cast.actor("dawood")):
        assert Consignment.objects.get(id=mine.id).shipper_id == cast.shipper_a
        assert Consignment.objects.get(id=theirs.id).remarks == ""
        assert not Membership.objects.filter(user_id=cast.people["bilal"], shipper_id=cast.shipper_b).exists()


def test_a_foreign_key_does_not_cross_shippers(cast: Cast) -> None:
    theirs = enter(cast, whose="B")[0]
    actor = cast.actor("bilal")
    with pytest.raises(IntegrityError, match="same_shipper"), acting(actor):
        stolen = [draft(cast, "A", profile_id=cast.profile_b)]
        actions.enter(actor, stolen, source="form", import_id=None, now=NOW)
    with pytest.raises(IntegrityError, match="same_shipper"), acting(actor):
        rows(
            "INSERT INTO consignments_event (shipper_id, consignment_id, code, occurred_at, received_at, source,"
            " source_event_id, actor_name, device, reason, note, public, moved)"
            " VALUES (%s, %s, 'delivered', now(), now(), 'x', 'y', '', '', '', '', true, true) RETURNING id",
            cast.shipper_a,
            theirs.id,
        )
    with pytest.raises(IntegrityError, match="same_shipper"), acting(actor):
        rows(
            "INSERT INTO finance_charge (shipper_id, consignment_id, state, card, charges_paisa, payable_paisa,"
            " receipt, at) VALUES (%s, %s, 'booked', '', 0, 0, '{}', now()) RETURNING id",
            cast.shipper_a,
            theirs.id,
        )
    with acting(actor):
        assert rows("SELECT 1 FROM consignments_event") == []
        assert rows("SELECT 1 FROM finance_charge") == []


def test_every_foreign_key_between_two_tenant_tables_carries_the_tenant(cast: Cast) -> None:
    names = tenant_tables()
    loose = rows(
        "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c WHERE c.contype = 'f'"
        " AND c.conrelid::regclass::text = ANY(%s) AND c.confrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
        " AND a.attname = 'shipper_id')",
        names,
        names,
    )
    assert loose == []


def test_a_unique_constraint_tells_a_shipper_nothing_of_another(cast: Cast) -> None:
    names = tenant_tables()
    telling = rows(
        "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indisunique AND NOT i.indisprimary"
        " AND i.indrelid::regclass::text = ANY(%s) AND has_table_privilege('icargos_shipper', i.indrelid, 'INSERT')"
        " AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " AND a.attname = 'shipper_id') ORDER BY 1",
        names,
    )
    # These hold values that the system draws and no shipper can choose, so a clash cannot be provoked.
    drawn = {"accounts_apikey_prefix_key", "consignments_cn", "consignments_tracking_token", "consignments_label_token"}
    assert [name for (name,) in telling if name not in drawn] == []


def test_only_the_named_functions_see_past_row_security_and_none_can_be_led_astray(cast: Cast) -> None:
    found = rows(
        "SELECT proname, array_to_string(proconfig, ','), has_function_privilege('public', oid, 'EXECUTE'),"
        " prorettype = 'trigger'::regtype FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert {name for name, *_ in found} == DEFINERS
    for name, config, public, is_trigger in found:
        assert config == "search_path=public, pg_temp", name
        assert is_trigger or not public, name
    views = rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)"
    )
    assert views == []


def test_the_applications_role_cannot_step_over_row_security(database: str) -> None:
    with psycopg.connect(database) as app:
        assert role_faults(app) == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("ALTER TABLE consignments_consignment DISABLE ROW LEVEL SECURITY")
    with psycopg.connect(database) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SET ROLE icargos_owner")
