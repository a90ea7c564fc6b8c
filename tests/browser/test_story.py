"""The main job, as an operations user does it: a messy sheet becomes labelled parcels, and everything counts them."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from tests.browser.conftest import no_sideways_scroll, picture, sign_in
from tests.conftest import ROOT

SHEET = ROOT / "samples" / "messy.xlsx"
BAD_ROWS, GOOD_ROWS = 26, 474


def test_a_messy_sheet_becomes_parcels_with_labels(tab: Page, width: int, tmp_path: Path) -> None:
    sign_in(tab, "bilal")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bilal")

    # The sheet: what is wrong is named, by the sheet's own row numbers.
    tab.goto("/imports/")
    no_sideways_scroll(tab)
    tab.get_by_label("Drop your sheet here").set_input_files(SHEET)
    ready = tab.get_by_role("button", name=re.compile(r"Book \d+ ready rows"))
    expect(ready).to_have_text(f"Book {GOOD_ROWS} ready rows")
    expect(tab.get_by_label("Result of the check")).to_contain_text(str(BAD_ROWS))
    expect(tab.get_by_text("Did you mean", exact=False).first).to_be_attached()
    no_sideways_scroll(tab)
    picture(tab, "import", width)
    ready.click()
    expect(tab.get_by_role("heading", name=f"{GOOD_ROWS} parcels booked")).to_be_visible()
    no_sideways_scroll(tab)

    # Their labels: one PDF, a page of 4 x 6 inches each.
    with tab.context.expect_event("response", lambda told: told.url.endswith("/file/")) as opened:
        tab.get_by_role("button", name=re.compile("[Pp]rint")).first.click()
    answer = tab.request.get(opened.value.url)
    assert answer.headers["content-type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(answer.body())
    assert len(pdf) >= GOOD_ROWS
    assert pdf[0].get_size() == (288, 432)

    # The list finds them.
    tab.get_by_role("link", name="See them in orders").click()
    expect(tab.locator("tbody tr")).to_have_count(50)
    tab.goto("/orders/?q=ZT-2100044")
    expect(tab.get_by_text("No match")).to_be_visible()  # its row was wrong and stayed out
    tab.goto("/orders/?q=ZT-2100010")
    expect(tab.locator("tbody tr")).to_have_count(1)
    no_sideways_scroll(tab)

    # One more by the form, with the charges shown before.
    tab.goto("/book/")
    tab.get_by_label("Phone", exact=True).fill("0301 4417208")
    tab.get_by_label("Name", exact=True).fill("Hina Yousaf")
    tab.get_by_label("City", exact=True).fill("Lahore")
    tab.get_by_label("Address", exact=True).fill("House 14, Street 9, Gulberg III")
    tab.get_by_role("textbox", name="Weight").fill("1.2")
    tab.get_by_label("COD amount").fill("6450")
    tab.get_by_label("Product").fill("Unstitched lawn suit, 3 pc")
    expect(tab.locator("#quote")).to_contain_text("You receive")
    expect(tab.locator("#quote")).to_contain_text("6,450.00")
    expect(tab.get_by_text("0301-4417208")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "book", width)
    tab.get_by_role("button", name=re.compile("^Book( Ctrl Enter)?$")).locator("visible=true").first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("IC")
    cn = tab.get_by_role("heading", level=1).inner_text().replace(" ", "")
    expect(tab.get_by_text("Booked, waiting for pickup")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "consignment", width)

    # What anybody sees who has the number, and what the holder of the link sees.
    link = tab.get_by_role("link", name="Public page").get_attribute("href")
    assert link is not None
    tab.goto(f"/track/{cn}")
    expect(tab.get_by_text("Lahore").first).to_be_visible()
    for private in ("Hina", "0301", "Gulberg", "6,450", "lawn"):
        assert private not in tab.locator("main").inner_text()
    tab.goto(link)
    expect(tab.get_by_text("Hina").first).to_be_visible()
    expect(tab.get_by_text("6,450").first).to_be_visible()
    assert "4417208" not in tab.content()
    assert "Gulberg" not in tab.content()
    no_sideways_scroll(tab)
    picture(tab, "tracking", width)

    # The dashboard counts all of it, and a click opens the list with the same number.
    tab.goto("/overview/")
    booked = tab.locator("#family-booked")
    expect(booked.locator(".strip-value")).to_have_text(str(GOOD_ROWS + 1))
    no_sideways_scroll(tab)
    picture(tab, "overview", width)
    booked.get_by_role("link").first.click()
    expect(tab.get_by_label("Pages")).to_contain_text(f"of {GOOD_ROWS + 1}")
    picture(tab, "orders", width)


def test_the_same_sheet_twice_and_a_double_click_book_once(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Bilal")
    for _again in range(2):
        tab.goto("/imports/")
        tab.get_by_label("Drop your sheet here").set_input_files(SHEET)
        tab.wait_for_url("**/imports/*/")
        ready = tab.get_by_role("button", name=re.compile(r"Book \d+ ready rows"))
        booked = tab.get_by_role("heading", name=f"{GOOD_ROWS} parcels booked")
        expect(ready.or_(booked)).to_be_visible()
        if ready.is_visible():
            ready.dblclick()
        expect(booked).to_be_visible()
    tab.goto("/overview/")
    expect(tab.locator("#family-booked .strip-value")).to_have_text(str(GOOD_ROWS))
