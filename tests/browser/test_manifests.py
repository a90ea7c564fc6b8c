"""Parcels travel from station to station, with every page open at once: loaded, sent off, checked in with one short."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Stage, no_sideways_scroll, picture, scan
from tests.paper.sample_papers import text

SHEET = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product\n"
) + "".join(
    f"ROAD-{n},Overnight,{city},Hina Yousaf {n},0301441720{n},House {n} Street 9 Gulgasht Colony,1,1,{n}500,Shawl\n"
    for n, city in enumerate(("Multan", "Multan", "Multan", "Lahore"), 1)
)


def test_a_manifest_travels_and_is_checked_in_with_one_short(stage: Stage, width: int, tmp_path: Path) -> None:
    sheet = tmp_path / "road.csv"
    sheet.write_text(SHEET)
    shipper = stage.person("bilal", width)
    shipper.goto("/imports/")
    shipper.get_by_label("Drop your sheet here").set_input_files(sheet)
    shipper.get_by_role("button", name="Book 4 ready rows").click()
    expect(shipper.get_by_role("heading", name="4 parcels booked")).to_be_visible()
    cns = []
    for n in range(1, 5):
        shipper.goto(f"/orders/?q=ROAD-{n}")
        cns.append(shipper.locator("[data-open-row]").inner_text().strip())
    first, second, strange, lahore = cns

    # Karachi: in, onto the manifest. What goes elsewhere and what nobody knows stops the hand.
    karachi = stage.person("sadia", width)
    karachi.goto("/desk/arrival/")
    for cn in cns:
        scan(karachi, cn, cn)
    karachi.goto("/desk/manifests/")
    no_sideways_scroll(karachi)
    karachi.get_by_label("To", exact=True).select_option(label="Multan Station (MUX)")
    karachi.get_by_role("button", name="Open a manifest").click()
    expect(karachi.get_by_role("button", name="Send it off")).to_be_disabled()
    for cn in (first, second, strange):
        scan(karachi, cn, "On the manifest")
    scan(karachi, first, re.compile("already", re.IGNORECASE))
    scan(karachi, lahore, "goes to LHE")
    scan(karachi, "IC999", "Unknown")
    karachi.get_by_role("button", name=f"Take {strange} off").click()
    expect(karachi.locator("#manifest-figures .figure-big")).to_contain_text("2")
    number = karachi.locator(".crumbs .mono").inner_text().strip()
    karachi.get_by_label("Number plate").fill("jx-4471")
    karachi.get_by_label("Bags").fill("2")
    karachi.get_by_label("Seal").fill("S-90017")
    # What a scanner types into a wrong field is kept, and nothing leaves by its Enter.
    karachi.get_by_label("Seal").press("Enter")
    expect(karachi.get_by_text(f"{number} saved")).to_be_visible()
    expect(karachi.get_by_label("Number plate")).to_have_value("JX-4471")
    karachi.get_by_role("button", name="Send it off").click()
    expect(karachi.get_by_label("Expected there")).to_be_focused()
    no_sideways_scroll(karachi)
    picture(karachi, "manifest-loading", width)
    there = datetime.now(timezone(timedelta(hours=5))) + timedelta(hours=14)
    karachi.get_by_label("Expected there").fill(there.strftime("%Y-%m-%dT%H:%M"))
    karachi.get_by_role("button", name="Send it off").click()
    expect(karachi.locator("[data-scan]")).to_have_count(0)
    expect(karachi.locator("#manifest-head")).to_contain_text("left")
    no_sideways_scroll(karachi)
    with karachi.expect_download() as waiting:
        karachi.get_by_role("link", name="Print").click()
    assert waiting.value.suggested_filename == f"{number}.pdf"
    words = text(waiting.value.path().read_bytes())
    assert [cn in words for cn in (first, second, strange)] == [True, True, False]
    assert "JX-4471" in words

    # The shipper sees what its parcel travels on.
    shipper.goto(f"/orders/{first}/")
    road = shipper.locator("#travels")
    for part in (number, "Karachi", "Multan", "JX-4471", "On the way", "Expected there"):
        expect(road).to_contain_text(part)
    expect(road).not_to_contain_text("S-90017")
    no_sideways_scroll(shipper)
    picture(shipper, "parcel-on-the-road", width)

    # Multan: one is there, one is not, one was not listed.
    multan = stage.person("dawood", width)
    multan.goto("/desk/manifests/")
    no_sideways_scroll(multan)
    multan.get_by_role("link", name=re.compile(number)).click()
    scan(multan, first, "MUX")
    expect(road).to_contain_text("Arrived")
    scan(multan, strange, "Received, not on the manifest")
    scan(multan, first, "Scanned before")
    expect(multan.locator("#manifest-missing")).to_contain_text("1 parcel was not found yet")
    no_sideways_scroll(multan)
    picture(multan, "manifest-check-in", width)
    shipper.goto(f"/orders/{second}/")
    expect(road).to_contain_text("On the way")
    multan.get_by_label(re.compile("Finish although they are missing")).check()
    multan.get_by_role("button", name="Finish the check-in").click()
    expect(multan.locator("#manifest-lines")).to_contain_text("Short")
    expect(multan.locator("[data-scan]")).to_have_count(0)
    no_sideways_scroll(multan)
    expect(road).to_contain_text("Not found at check-in")
    expect(karachi.locator("#manifest-figures")).to_contain_text("1 of 2")
