"""Row security on what is handed over: each shipper's own rows, nobody's run sheets, nobody else's writes."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from icargos.booking import queries
from icargos.booking.models import LoadSheet, PickupRequest, PickupSchedule
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.pickups.scene import asked, booked, closed, everything, on_the_way, opened, second_place, take

TENANTS = (
    "booking_loadsheet", "booking_loadsheetitem", "booking_pickuprequest", "booking_pickupschedule",
    "booking_pickupparcel",
)  # fmt: skip


def run(statement: str, *values: int) -> None:
    """One statement; refused, it undoes itself alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def scene(cast: Cast) -> None:
    """Rows of both shippers in every table."""
    request, cns = on_the_way(cast)
    take(cast, request, cns[:1])
    closed(cast, booked(cast))
    asked(cast, weekdays=(0,), day=None)
    opened(cast, booked(cast, whose="B"), who="zara")
    asked(cast, who="zara")
    asked(cast, who="zara", weekdays=(0,), day=None)


@pytest.mark.parametrize("table", TENANTS)
def test_a_shipper_reads_its_own_rows_alone(cast: Cast, table: str) -> None:
    scene(cast)
    with acting(cast.actor("adeel")), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT shipper_id) FROM {table}")
        (shippers,) = cursor.fetchone()
    assert shippers == (1 if table == "booking_pickupparcel" else 2)
    for who, tenant in (("bilal", cast.shipper_a), ("zara", cast.shipper_b)):
        with acting(cast.actor(who)), connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT shipper_id FROM {table}")
            assert {one for (one,) in cursor.fetchall()} <= {tenant}


def test_no_shipper_reads_a_riders_run_sheet(cast: Cast) -> None:
    scene(cast)
    with acting(cast.actor("bilal")), pytest.raises(ProgrammingError, match="permission denied"):
        run("SELECT rider_name FROM booking_pickuprun")


def test_a_shippers_request_says_no_more_of_the_rider_than_his_first_name(cast: Cast) -> None:
    scene(cast)
    with acting(cast.actor("bilal")), connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM booking_pickuprequest r WHERE r.rider_first_name <> ''")
        (row,) = cursor.fetchone()
    assert "Asif" in row
    assert "Mehmood" not in row


def test_no_shipper_writes_a_row_for_another_nor_says_what_a_rider_took(cast: Cast) -> None:
    scene(cast)
    statements = (
        ("UPDATE booking_loadsheet SET shipper_id = %s WHERE state = 'open'", "row-level security"),
        ("UPDATE booking_pickuprequest SET shipper_id = %s", "row-level security"),
        ("UPDATE booking_pickupschedule SET shipper_id = %s", "row-level security"),
        ("UPDATE booking_pickupparcel SET shipper_id = %s", "permission denied"),
        ("DELETE FROM booking_loadsheet WHERE shipper_id <> %s", "permission denied"),
        ("DELETE FROM booking_pickuprequest WHERE shipper_id <> %s", "permission denied"),
    )
    opened(cast, booked(cast))
    before = everything(cast)
    for statement, said in statements:
        with acting(cast.actor("bilal")), pytest.raises(ProgrammingError, match=said):
            run(statement, cast.shipper_b)
    assert everything(cast) == before


def test_without_row_security_the_queries_still_ask_for_the_own_rows(cast: Cast, owner_url: str) -> None:
    scene(cast)
    second_place(cast)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for table in TENANTS:
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    bilal = cast.actor("bilal")
    with acting(bilal):
        assert {LoadSheet.objects.count(), PickupRequest.objects.count(), PickupSchedule.objects.count()} == {2}, "open"
        assert [one.shipper_id for one in queries.load_sheets(bilal)] == [cast.shipper_a]
        profiles = {one.profile_id for live in (True, False) for one in queries.pickups(bilal, live=live)}
        assert profiles == {one.profile_id for one in queries.schedules(bilal)} == {cast.profile_a}
        assert queries.count_pickups(bilal) == len(queries.pickups(bilal, live=True))
        assert set(queries.waiting(bilal)) == {cast.profile_a}
        with connection.cursor() as cursor:
            cursor.execute("SELECT consignment_id FROM booking_loadsheetitem")
            every = [one for (one,) in cursor.fetchall()]
        assert len(queries.sheets_of(bilal, every)) == len(every) - 1
