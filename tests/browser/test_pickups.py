"""Handing over, with every page open at once: ready, scanned on a sheet, closed, printed, asked for, fetched."""

import re
from pathlib import Path

import psycopg
from playwright.sync_api import Download, Locator, Page, expect

from icargos.engine import Cluster
from tests.browser.conftest import Stage, no_sideways_scroll, picture, portal_database, scan
from tests.paper.sample_papers import text

SHEET = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product\n"
) + "".join(
    f"HAND-{n},Overnight,Multan,Hina Yousaf {n},0301441720{n},House {n} Street 9 Gulgasht Colony,1,1,{n}500,Shawl\n"
    for n in (1, 2, 3)
)


def books(page: Page, sheet: Path) -> list[str]:
    """The three parcels of the file, booked; their numbers."""
    page.goto("/imports/")
    page.get_by_label("Drop your sheet here").set_input_files(sheet)
    page.get_by_role("button", name="Book 3 ready rows").click()
    expect(page.get_by_role("heading", name="3 parcels booked")).to_be_visible()
    found = []
    for n in (1, 2, 3):
        page.goto(f"/orders/?q=HAND-{n}")
        found.append(page.locator("[data-open-row]").inner_text().strip())
    return found


def printed(page: Page, button: Locator) -> tuple[str, str]:
    """The name and the words of the paper that the button gives."""
    with page.expect_download() as waiting:
        button.click()
    given: Download = waiting.value
    return given.suggested_filename, text(given.path().read_bytes())


def asif_works_in_karachi(database: str) -> None:
    """As the courier's people would post him."""
    with psycopg.connect(database) as books:
        books.execute(
            "UPDATE places_post SET station_id = (SELECT id FROM places_station WHERE code = 'KHI')"
            " WHERE user_id = (SELECT id FROM accounts_user WHERE email = 'asif@example.com')"
        )


def the_day_comes(database: str) -> None:
    """The night passes, whatever the hour and the weekday at which this test runs."""
    with psycopg.connect(database) as books:
        for table in ("booking_pickuprequest", "booking_pickuprun"):
            books.execute(f"UPDATE {table} SET day = (now() AT TIME ZONE 'Asia/Karachi')::date")


def test_parcels_are_handed_over(stage: Stage, width: int, tmp_path: Path, cluster: Cluster) -> None:
    sheet = tmp_path / "hand.csv"
    sheet.write_text(SHEET)
    database = cluster.admin_url(portal_database())
    asif_works_in_karachi(database)
    shipper = stage.person("bilal", width)
    first, second, third = books(shipper, sheet)

    # Ready: one from the list, one from its own page.
    shipper.goto("/orders/?q=HAND-1")
    shipper.get_by_role("checkbox", name=f"Select {first}").check()
    shipper.locator(".bulk-bar summary").last.click()
    shipper.get_by_role("button", name="Mark ready").click()
    expect(shipper.get_by_text("1 parcel is ready for pickup").first).to_be_visible()
    shipper.goto(f"/orders/{third}/")
    shipper.get_by_role("button", name="Mark ready").click()
    expect(shipper.get_by_role("button", name="Not ready")).to_be_visible()
    no_sideways_scroll(shipper)

    # A sheet by scan: the ready one, and one that only the closing makes ready. A strange label stops.
    shipper.goto("/load-sheets/")
    shipper.get_by_role("button", name="Open a sheet").click()
    scan(shipper, first, "Multan")
    scan(shipper, second, "Multan")
    scan(shipper, first, re.compile("already", re.IGNORECASE))
    scan(shipper, "IC999", "Unknown")
    expect(shipper.locator("#sheet-figures .figure-big")).to_contain_text("2")
    no_sideways_scroll(shipper)
    picture(shipper, "load-sheet", width)
    shipper.get_by_role("button", name="Close the sheet").click()
    expect(shipper.locator("[data-scan]")).to_have_count(0)
    number = shipper.locator("h1").inner_text().strip()
    name, words = printed(shipper, shipper.get_by_role("link", name="Print"))
    assert name == f"{number}.pdf"
    assert [cn in words for cn in (first, second, third)] == [True, True, False]
    assert "2 parcels, Rs 4,000 COD" in words

    # The pickup: what is ready there stands in the form.
    shipper.get_by_role("link", name="Ask for a pickup").click()
    expect(shipper.get_by_label("Parcels", exact=True)).to_have_value("3")
    no_sideways_scroll(shipper)
    picture(shipper, "pickups", width)
    shipper.get_by_label("Note for the rider").fill("Gate 2")
    shipper.get_by_role("button", name="Ask for the pickup").click()
    row = shipper.locator(".pickup-list li").first
    expect(row).to_contain_text("3 parcels")
    the_day_comes(database)

    # The desk gives it to a rider, who takes a paper along.
    desk = stage.person("sadia", width)
    desk.goto("/desk/pickups/")
    expect(desk.locator("#pickups")).to_contain_text("3 ready now")
    desk.locator("#pickups input[name=pickup]").check()
    desk.get_by_label("Rider").select_option(label="Asif Mehmood")
    no_sideways_scroll(desk)
    picture(desk, "desk-pickups", width)
    desk.get_by_role("button", name="Put on the rider's sheet").click()
    name, words = printed(desk, desk.get_by_role("link", name="Print"))
    assert name.startswith("PRS-")
    assert "Asif Mehmood" in words
    assert "Gate 2" in words
    no_sideways_scroll(desk)
    desk.get_by_role("button", name="Let the rider go").click()
    expect(desk.get_by_role("button", name="Let the rider go")).to_have_count(0)

    # The shipper sees who comes, and not how to reach him.
    expect(row).to_contain_text("Asif")
    expect(row).not_to_contain_text("Mehmood")
    assert "tel:" not in shipper.content()
    shipper.goto(f"/load-sheets/{number}/")

    # The rider takes the counted sheet whole, and scans what lies beside it.
    rider = stage.person("asif", 390)
    rider.goto("/rider/")
    visit = rider.locator("#ride-pickups a").first
    expect(visit).to_contain_text("3 parcels ready")
    visit.click()
    no_sideways_scroll(rider)
    picture(rider, "rider-pickup", 390)
    rider.get_by_role("button", name="Counted: take all 2").click()
    expect(rider.locator("#pickup-sheets")).to_contain_text("2 taken")
    expect(shipper.locator("#sheet-figures")).to_contain_text("With the courier")
    scan(rider, third, third)
    rider.get_by_role("link", name="Done, 3 parcels taken").click()
    no_sideways_scroll(rider)
    rider.get_by_role("button", name=re.compile("End the visit")).click()
    expect(rider.locator("#ride-pickups li").first).to_contain_text("3 parcels taken")

    # All of them are on their way, and the desk and the shipper see it.
    expect(desk.locator("#visits")).to_contain_text("3 / 3")
    for cn in (first, second, third):
        shipper.goto(f"/orders/{cn}/")
        expect(shipper.locator("main")).to_contain_text("Picked up")
    shipper.goto("/pickups/?tab=past")
    expect(shipper.locator("#pickups")).to_contain_text("Asif")
