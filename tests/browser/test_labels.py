"""Labels as a person prints them: looked at first or at once, in the format at hand, and with the shipper's logo."""

import re
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import no_sideways_scroll, picture, sign_in

SHEET = (
    "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),COD Amount,"
    "Product Description\n"
)


def _booked(tab: Page, folder: Path, rows: int) -> None:
    """That many parcels of three pieces, by a sheet."""
    lines = [
        f"LB-{n},Overnight,{('Lahore', 'Multan')[n % 2]},Sana {n},030176{50000 + n},House {n} Street 4,3,1,1500,Kurta"
        for n in range(rows)
    ]
    sheet = folder / "labels.csv"
    sheet.write_text(SHEET + "\n".join(lines))
    tab.goto("/imports/")
    tab.get_by_label("Drop your sheet here").set_input_files(sheet)
    tab.get_by_role("button", name=re.compile(rf"Book {rows} ready rows")).click()
    expect(tab.get_by_role("heading", name=f"{rows} parcels booked")).to_be_visible()


def _file(tab: Page, press: str) -> bytes:
    """The file that comes when this button is pressed."""
    with tab.context.expect_event("response", lambda told: "/file/" in told.url and told.status == 200) as opened:
        tab.get_by_role("button", name=re.compile(press)).first.click()
    return tab.request.get(opened.value.url).body()


def test_labels_are_looked_at_chosen_and_printed(tab: Page, width: int, tmp_path: Path) -> None:
    sign_in(tab, "bilal")
    _booked(tab, tmp_path, 5)

    # The shipper's logo and the format of the house, with a sample that changes as one chooses.
    tab.goto("/settings/labels/")
    no_sideways_scroll(tab)
    sample = tab.get_by_role("img", name="A sample label in this format")
    expect(sample).to_have_js_property("complete", True)
    tab.get_by_label("A4, 4 labels").check()
    expect(sample).to_have_attribute("src", re.compile("format=a4-4"))
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Last changed by Bilal Raza")).to_be_visible()
    logo = Image.new("RGB", (320, 100), "white")
    ImageDraw.Draw(logo).rectangle((10, 10, 300, 90), fill="black")
    logo.save(tmp_path / "logo.png")
    tab.get_by_label(re.compile("Picture")).set_input_files(tmp_path / "logo.png")
    tab.get_by_role("button", name="Put it on the labels").click()
    expect(tab.get_by_role("img", name="Your logo")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "label-settings", width)

    # Ticked parcels are looked at first: four to a sheet, turned over, with what may be chosen beside them.
    tab.goto("/orders/")
    boxes = tab.locator("tbody input[type=checkbox]")
    expect(boxes).to_have_count(5)
    for n in range(5):
        boxes.nth(n).check()
    expect(tab.get_by_label("Format of the labels")).to_have_value("a4-4")
    no_sideways_scroll(tab)
    tab.get_by_label("Selected rows").get_by_text("More", exact=True).click()
    with tab.context.expect_page() as opened:
        tab.get_by_role("button", name="Look at the labels first").click()
    page = opened.value
    expect(page.get_by_text("1 to 4 of 15")).to_be_visible()
    no_sideways_scroll(page)
    page.get_by_role("button", name="Next label").click()
    expect(page.get_by_text("5 to 8 of 15")).to_be_visible()
    page.get_by_label("First free place on the sheet").select_option("2")
    page.get_by_label("Order", exact=True).select_option("destination")
    page.get_by_label("Mask the consignee's phone").check()
    expect(page.get_by_role("img", name="The label as it will be printed")).to_have_attribute(
        "src", re.compile("mask_phone=1.*start=2")
    )
    picture(page, "labels", width)
    document = pypdfium2.PdfDocument(_file(page, "Print 15 labels"))
    assert len(document) == 4
    text = document[0].get_textpage().get_text_range()
    assert text.count("Piece ") == 3
    assert "LAHORE" in text
    assert "0301-***" in text
    document.close()
    page.close()

    # At once and by one click: the format of the last time is kept in this browser, and the second print says so.
    tab.reload()
    tab.get_by_role("button", name="Clear the selection").click()
    for n in range(2):
        boxes.nth(n).check()
    tab.get_by_label("Format of the labels").select_option("4x6")
    document = pypdfium2.PdfDocument(_file(tab, "Print labels"))
    assert len(document) == 6
    assert "REPRINT" in document[0].get_textpage().get_text_range()
    document.close()
    tab.locator("tbody a").first.click()
    expect(tab.get_by_label("Format of the labels")).to_have_value("4x6")
    expect(tab.get_by_text("Printed 2 times")).to_be_visible()
    no_sideways_scroll(tab)


def test_a_print_of_many_shows_its_progress_and_then_its_file(tab: Page, width: int, tmp_path: Path) -> None:
    sign_in(tab, "bilal")
    _booked(tab, tmp_path, 100)
    with tab.context.expect_page() as opened:
        tab.get_by_role("button", name=re.compile("[Pp]rint")).first.click()
    page = opened.value
    expect(page).to_have_url(re.compile(r"/labels/\d+/(file/)?$"))
    number = re.search(r"/labels/(\d+)/", page.url)
    assert number
    waiting = tab.context.new_page()
    waiting.goto(f"/labels/{number[1]}/")
    expect(waiting.get_by_role("heading", name="300 labels").or_(waiting.locator("embed"))).to_be_visible()
    no_sideways_scroll(waiting)
