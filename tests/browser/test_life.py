"""A parcel's whole life, with every page open at once: scans, rider, advice, cash, live figures, the API."""

import json
import re
import urllib.request
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, no_sideways_scroll, picture, scan
from tests.paper.sample_papers import shown, text

SHEET = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    "COD Amount,Product\n"
    "LIFE-1,Overnight,Multan,Hina Yousaf,03014417208,House 14 Street 9 Gulgasht Colony,1,1,6450,Lawn suit\n"
    "LIFE-2,Overnight,Multan,Kamran Akmal,03024417209,House 15 Street 9 Gulgasht Colony,1,1,2750,Shawl\n"
)


def test_a_parcels_whole_life(stage: Stage, width: int, tmp_path: Path) -> None:
    sheet, photo = tmp_path / "life.csv", tmp_path / "door.jpg"
    sheet.write_text(SHEET)
    Image.new("RGB", (640, 480), "tan").save(photo)

    # The shipper books two parcels and leaves the overview open.
    shipper = stage.person("bilal", width)
    shipper.goto("/imports/")
    shipper.get_by_label("Drop your sheet here").set_input_files(sheet)
    shipper.get_by_role("button", name="Book 2 ready rows").click()
    expect(shipper.get_by_role("heading", name="2 parcels booked")).to_be_visible()
    cns = []
    for ref in ("LIFE-1", "LIFE-2"):
        shipper.goto(f"/orders/?q={ref}")
        cns.append(shipper.locator("[data-open-row]").inner_text().strip())
    good, late = cns
    shipper.goto("/overview/")
    expect(shipper.locator("[data-live-mark]")).to_contain_text("Live")

    # Origin station: in, and on its way.
    karachi = stage.person("sadia", 1440)
    karachi.goto("/desk/arrival/")
    for cn in cns:
        scan(karachi, cn, re.compile("MUX"))
    if width > 900:
        picture(karachi, "arrival", width)
    expect(shipper.locator("#family-moving .strip-value")).to_have_text("2")
    karachi.goto("/desk/sending/")
    for cn in cns:
        scan(karachi, cn, cn)

    # Destination: in, and out with the rider.
    multan = stage.person("dawood", 1440)
    multan.goto("/desk/arrival/")
    for cn in cns:
        scan(multan, cn, cn)
    multan.goto("/desk/runs/")
    multan.get_by_label("Rider").select_option(label="Imran Ali")
    multan.get_by_role("button", name="Open a sheet").click()
    for cn in cns:
        scan(multan, cn, cn)
    multan.get_by_role("button", name="Let it go").click()
    expect(multan.get_by_text("left", exact=False).first).to_be_visible()
    run = multan.url
    expect(shipper.locator("#family-out .strip-value")).to_have_text("2")

    # The rider's phone: one is delivered with signature, photo and position.
    rider = stage.person("imran", 390)
    rider.goto("/rider/")
    expect(rider.locator(".ride-stops li")).to_have_count(2)
    no_sideways_scroll(rider)
    picture(rider, "rider-run", 390)
    rider.get_by_role("link", name=re.compile("Hina Yousaf")).click()
    rider.locator("input[name=method][value=cash]").dispatch_event("click")
    rider.locator("input[name=relation][value=self]").dispatch_event("click")
    box = rider.locator("[data-signature] canvas").bounding_box()
    assert box is not None
    rider.locator("[data-signature] canvas").scroll_into_view_if_needed()
    box = rider.locator("[data-signature] canvas").bounding_box()
    assert box is not None
    rider.mouse.move(box["x"] + 20, box["y"] + 30)
    rider.mouse.down()
    rider.mouse.move(box["x"] + 120, box["y"] + 60, steps=8)
    rider.mouse.up()
    rider.locator("input[type=file][name=photo]").first.set_input_files(photo)
    no_sideways_scroll(rider)
    picture(rider, "rider-stop", 390)
    rider.get_by_role("button", name=re.compile("^Delivered")).click()
    expect(rider.locator(".ride-stops li").first).to_contain_text("Kamran Akmal")

    # The other fails, with a photo of the door.
    rider.get_by_role("link", name=re.compile("Kamran Akmal")).click()
    rider.get_by_role("link", name="Failed").click()
    rider.locator("input[name=reason][value=CNA]").dispatch_event("click")
    rider.locator("input[type=file][name=photo]").first.set_input_files(photo)
    rider.get_by_role("button", name=re.compile("Report as failed")).click()
    rider.wait_for_url("**/rider/")

    # The shipper's figures changed by themselves; anybody can see where the parcel is.
    expect(shipper.locator("#family-delivered .strip-value")).to_have_text("1")
    expect(shipper.locator("#family-attention .strip-value")).to_have_text("1")
    expect(shipper.locator("#pending-cod")).to_contain_text("6,450")
    picture(shipper, "overview-live", width)
    stranger = stage.person(None, width)
    stranger.goto(f"/track/{good}")
    expect(stranger.locator("main")).to_contain_text("Delivered")

    # The shipper answers; the rider's page shows it, and so does the desk.
    rider.goto("/rider/")
    rider.locator("#stops-failed summary").click()
    answering = stage.person("bilal", width)
    answering.goto("/advice/")
    if width < 900:
        answering.locator(".advice-queue a").first.click()
    answering.get_by_label("Note for the rider").fill("Call before coming, gate 2")
    no_sideways_scroll(answering)
    picture(answering, "advice", width)
    answering.get_by_role("button", name="Send", exact=True).click()
    expect(answering.get_by_text("Call before coming, gate 2").first).to_be_visible()
    expect(rider.get_by_text("Shipper answered").first).to_be_visible()
    rider.reload()
    expect(rider.get_by_text("Shipper answered").first).to_be_visible()

    # Back at the station, the cash is counted; the second attempt succeeds.
    multan.goto(run)
    scan(multan, late, late)
    expect(multan.locator("#run-missing")).not_to_contain_text("neither")
    multan.get_by_label("Cash handed over").fill("6450")
    multan.get_by_role("button", name="Close the run").click()
    expect(multan.get_by_text("closed", exact=False).first).to_be_visible()
    multan.goto("/desk/runs/")
    multan.get_by_label("Rider").select_option(label="Imran Ali")
    multan.get_by_role("button", name="Open a sheet").click()
    scan(multan, late, late)
    multan.get_by_role("button", name="Let it go").click()
    expect(multan.get_by_text("left", exact=False).first).to_be_visible()
    rider.goto("/rider/")
    rider.get_by_role("link", name=re.compile("Kamran Akmal")).click()
    expect(rider.locator("main, body").first).to_contain_text("gate 2")
    rider.locator("input[name=method][value=cash]").dispatch_event("click")
    rider.locator("input[name=relation][value=self]").dispatch_event("click")
    rider.get_by_role("button", name=re.compile("^Delivered")).click()
    rider.wait_for_url("**/rider/")

    # Pending COD grew by exactly the amount.
    expect(shipper.locator("#family-delivered .strip-value")).to_have_text("2")
    expect(shipper.locator("#pending-cod")).to_contain_text("9,200")

    # The same parcel through the API, with a key made in the portal.
    owner = stage.person("ayesha", width)
    owner.goto("/settings/api/")
    owner.get_by_label("Name of the new key").fill("Shop")
    owner.get_by_role("button", name="Make a key").click()
    key = owner.locator("#code-secret").inner_text()
    asked = urllib.request.Request(f"{stage.portal}/api/v1/tracking/{late}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        told = json.load(answer)
    assert (told["cn"], told["status"], told["cod"]["state"]) == (late, "delivered", "collected")

    # On paper: the run with bars that a scanner reads, the statement, and a receipt that anybody can check.
    assert late in _codes(_saved(multan, "Print"))
    owner.goto("/payments/")
    no_sideways_scroll(owner)
    expect(owner.locator("#account")).to_contain_text("9,200.00")
    picture(owner, "payments", width)
    assert "Closing balance Rs 9,200.00" in text(_saved(owner, "Download PDF"))
    assert late.encode() in _saved(owner, "CSV")
    owner.goto(f"/orders/{late}/")
    (check,) = _codes(_saved(owner, "COD receipt"))
    stranger = stage.person(None, width)
    stranger.goto(check)
    expect(stranger.get_by_role("heading", name="This receipt is genuine")).to_be_visible()
    expect(stranger.locator("body")).to_contain_text("2,750.00")


def _saved(tab: Page, link: str) -> bytes:
    """The file that this link saves."""
    with tab.expect_download() as saved:
        tab.get_by_role("link", name=link, exact=True).first.click()
    return Path(saved.value.path()).read_bytes()


def _codes(paper: bytes) -> list[str]:
    """What a scanner reads on the first page."""
    return [one.text for one in zxingcpp.read_barcodes(shown(paper, dpi=203))]
