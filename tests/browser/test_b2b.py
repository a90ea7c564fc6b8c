"""A shop that sends to shops: two pieces with an invoice, a challan to come back signed, proofs fetched as a zip."""

import csv
import re
from io import TextIOWrapper
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from playwright.sync_api import Page, expect

from tests.b2b.files import pdf
from tests.browser.conftest import Stage, no_sideways_scroll, picture, scan
from tests.browser.test_booking import booked, fill


def test_two_pieces_with_an_invoice_and_a_challan_back(stage: Stage, width: int, tmp_path: Path) -> None:
    invoice, challan = tmp_path / "Invoice 77.pdf", tmp_path / "challan.jpg"
    invoice.write_bytes(pdf(text="Invoice 77"))
    Image.new("RGB", (900, 1200), "ivory").save(challan)

    shipper = stage.person("bilal", width)
    cn = _book(shipper, invoice, width)
    _carry(stage, cn)
    _hand_over(stage, challan)

    # What came back stands with the proof, and in the zip of proofs.
    shipper.goto(f"/orders/{cn}/")
    expect(shipper.get_by_alt_text("Signed delivery challan")).to_be_visible()
    assert shipper.request.get(f"/orders/{cn}/pictures/paper-challan/").ok
    _fetch(shipper, cn, tmp_path, width)


def _book(page: Page, invoice: Path, width: int) -> str:
    page.goto("/book/")
    expect(page.locator("#f-piece_weights")).to_be_hidden()
    fill(page, City="Multan", Weight="", Pieces="2", **{"Order ref": "B2B/77"})
    page.get_by_label("Weight of each piece").fill("2.5; 1.2")
    expect(page.locator("#f-weight_kg")).to_have_value("3.7")
    page.locator("#f-pieces").fill("1")
    expect(page.locator("#f-piece_weights")).to_be_hidden()
    page.locator("#f-pieces").fill("2")
    page.get_by_text("Papers", exact=True).click()
    page.get_by_label("Signed delivery challan").check()
    page.get_by_label("Invoice", exact=True).set_input_files(invoice)
    expect(page.locator("#quote")).to_contain_text("You receive")
    no_sideways_scroll(page)
    picture(page, "book-papers", width)
    # A reload keeps the half-filled form, and asks no field for files to give back what it cannot.
    page.reload()
    expect(page.locator("#f-piece_weights")).to_have_value("2.5; 1.2")
    expect(page.get_by_label("Signed delivery challan")).to_be_checked()
    page.get_by_label("Invoice", exact=True).set_input_files(invoice)
    page.locator("button.btn[name=then][value=open]").locator("visible=true").click()
    cn = booked(page)
    expect(page.locator("#documents")).to_contain_text("Invoice 77.pdf")
    expect(page.get_by_text("1/2: 2.5 kg, 2/2: 1.2 kg")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("Invoice 77.pdf")).click()
    assert saved.value.suggested_filename == "Invoice 77.pdf"
    assert Path(saved.value.path()).read_bytes() == invoice.read_bytes()
    no_sideways_scroll(page)
    picture(page, "consignment-papers", width)
    return cn


def _carry(stage: Stage, cn: str) -> None:
    karachi, multan = stage.person("sadia", 1440), stage.person("dawood", 1440)
    karachi.goto("/desk/arrival/")
    scan(karachi, cn, re.compile("MUX"))
    karachi.goto("/desk/sending/")
    scan(karachi, cn, cn)
    multan.goto("/desk/arrival/")
    scan(multan, cn, cn)
    multan.goto("/desk/runs/")
    multan.get_by_label("Rider").select_option(label="Imran Ali")
    multan.get_by_role("button", name="Open a sheet").click()
    scan(multan, cn, cn)
    multan.get_by_role("button", name="Let it go").click()
    expect(multan.get_by_text("left", exact=False).first).to_be_visible()
    multan.goto(f"/desk/parcels/{cn}/")
    expect(multan.get_by_role("link", name=re.compile("Invoice 77.pdf"))).to_be_visible()


def _hand_over(stage: Stage, challan: Path) -> None:
    rider = stage.person("imran", 390)
    rider.goto("/rider/")
    rider.get_by_role("link", name=re.compile("Hina Yousaf")).click()
    stop = rider.url
    rider.locator("input[name=method][value=cash]").dispatch_event("click")
    rider.locator("input[name=relation][value=self]").dispatch_event("click")
    send = rider.get_by_role("button", name=re.compile("^Delivered"))
    expect(send).to_contain_text("Signed delivery challan")
    # The button goes to the step that is left; and whoever sends the form past it is refused by the server.
    send.click()
    expect(rider).to_have_url(stop)
    rider.evaluate("document.querySelector('[name=device_at]').value = new Date().toISOString()")
    with rider.expect_response(re.compile("delivered/$")) as refused:
        rider.evaluate("document.querySelector('#report').requestSubmit()")
    assert refused.value.status == 422
    expect(rider.locator("#problems")).to_contain_text("Take a photo of the signed delivery challan.")
    (console,) = stage.problems
    assert "422" in console
    stage.problems.clear()
    rider.locator("#step-paper_challan [data-photo-take]").set_input_files(challan)
    expect(rider.locator("#step-paper_challan")).to_have_class(re.compile("is-done"))
    no_sideways_scroll(rider)
    picture(rider, "rider-papers", 390)
    send.click()
    rider.wait_for_url("**/rider/")


def _fetch(page: Page, cn: str, folder: Path, width: int) -> None:
    page.goto("/orders/?q=B2B")
    page.locator(f"[data-row='{cn}'] input[type=checkbox]").check()
    page.get_by_role("region", name="Selected rows").get_by_text("More", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Download proofs of delivery").click()
    proofs = opened.value
    expect(proofs.get_by_role("heading", name="1 proof is ready")).to_be_visible()
    no_sideways_scroll(proofs)
    picture(proofs, "proofs", width)
    with proofs.expect_download() as saved:
        proofs.get_by_role("link", name="Download the zip").click()
    saved.value.save_as(folder / "proofs.zip")
    with ZipFile(folder / "proofs.zip") as files:
        assert files.namelist() == [f"EPOD-{cn}-B2B-77.pdf", "index.csv"]
        assert files.read(f"EPOD-{cn}-B2B-77.pdf").startswith(b"%PDF-")
        with files.open("index.csv") as index:
            (line,) = csv.DictReader(TextIOWrapper(index, "utf-8-sig", newline=""))
    assert (line["CN"], line["Order ref"], line["Status"]) == (cn, "B2B/77", "Delivered")
