"""A messy sheet on every path an import has: columns asked, cells mended, booked in part, sent back, undone."""

import re
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import no_sideways_scroll, picture, sign_in

# Titles of a shopkeeper's own: some are known, "Mulk" and "Pata" are asked for; there is no column for the service.
TITLES = ["Bill No", "Customer Name", "Mobile", "Mulk", "Pata", "Weight (kg)", "COD Amount", "Saman"]
CHOICES = {
    "Bill No": "Order Ref",
    "Customer Name": "Consignee Name",
    "Mobile": "Consignee Phone",
    "Mulk": "Destination City",
    "Pata": "Consignee Address",
    "Weight (kg)": "Weight (kg)",
    "COD Amount": "COD Amount",
    "Saman": "Product Description",
}
ROWS = 12


def messy(path: Path) -> Path:
    """Twelve orders: three in a city nobody knows by that name, two weights and a phone that mean nothing."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(TITLES)
    for n in range(1, ROWS + 1):
        page.append(
            [f"Q-{n}", "Hina Yousaf", "0301-4417208", "Lahore", f"House {n}, Street 9, Gulberg III", 0.5, 1500, "Suit"]
        )
    for row in (2, 3, 4):
        page.cell(row, 4, "Lahoor")
    page["F5"], page["F6"], page["C7"] = "half", "a kilo", "12"
    book.save(path)
    return path


def drop(tab: Page, path: Path) -> None:
    tab.goto("/imports/")
    tab.get_by_label("Drop your sheet here").set_input_files(path)


def cell(tab: Page, title: str, row: int) -> Locator:
    """The control of one wrong cell, by its column and the sheet's own row number."""
    return tab.get_by_label(f"{title}, row {row}", exact=True)


def paste(tab: Page, text: str) -> None:
    """What a copied column of Excel does in the cell that has the focus."""
    tab.evaluate(
        """text => {
            const carried = new DataTransfer();
            carried.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def choose_columns(tab: Page) -> None:
    """Answer what the sheet's own titles leave open, with three rows beside to look at."""
    for title, field in CHOICES.items():
        asked = tab.get_by_label(f"Our field for “{title}”")
        expect(asked).to_be_visible()
        asked.select_option(label=field)


def file_back(tab: Page, path: Path) -> Path:
    with tab.expect_download() as loading:
        tab.get_by_role("link", name="Download the rows with errors").click()
    loading.value.save_as(path)
    return path


def test_a_sheet_is_understood_mended_booked_in_part_sent_back_and_undone(
    tab: Page, width: int, tmp_path: Path
) -> None:
    sign_in(tab, "bilal")
    drop(tab, messy(tmp_path / "bills.xlsx"))

    # Its columns, asked for once.
    expect(tab.get_by_role("heading", name=re.compile("matched for you"))).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "import-columns", width)
    expect(tab.get_by_role("cell", name="Suit").first).to_be_attached()
    choose_columns(tab)
    # What the sheet has no column for takes one value for all rows.
    tab.get_by_label("Pieces for all rows").fill("1")
    tab.get_by_role("button", name=f"Check {ROWS} rows").click()
    ready = tab.get_by_role("button", name=re.compile(r"Book \d+ ready row"))
    expect(ready).to_have_text("Book 6 ready rows")
    no_sideways_scroll(tab)
    picture(tab, "import-mend", width)

    # By keyboard alone: the three cities at once, and back, and again; the focus is on the next wrong cell each time.
    cell(tab, "Destination City", 2).focus()
    tab.keyboard.press("Shift+Enter")
    expect(ready).to_have_text("Book 9 ready rows")
    expect(cell(tab, "Weight (kg)", 5)).to_be_focused()
    tab.keyboard.press("Control+z")
    expect(ready).to_have_text("Book 6 ready rows")
    expect(cell(tab, "Destination City", 2)).to_be_focused()
    tab.keyboard.press("Shift+Enter")
    expect(ready).to_have_text("Book 9 ready rows")
    expect(cell(tab, "Weight (kg)", 5)).to_be_focused()

    # A column copied from Excel goes down the rows.
    paste(tab, "0.8\n1.2\n")
    expect(ready).to_have_text("Book 11 ready rows")
    expect(cell(tab, "Consignee Phone", 7)).to_be_focused()

    # One row stays wrong: the rest is booked.
    tab.keyboard.type("0301")
    tab.keyboard.press("Enter")
    expect(ready).to_have_text("Book 11 ready rows")
    expect(cell(tab, "Consignee Phone", 7)).to_have_value("0301")
    no_sideways_scroll(tab)
    ready.click()
    expect(tab.get_by_role("heading", name="11 parcels booked")).to_be_visible()
    expect(tab.get_by_text("1 row is left.", exact=False)).to_be_visible()
    here = tab.url.split("?")[0]
    picture(tab, "import-booked", width)

    # The file comes back with the bad cell marked, is mended in Excel, and goes on with the same import.
    path = file_back(tab, tmp_path / "bills-to-mend.xlsx")
    book = load_workbook(path)
    page = book.worksheets[0]
    assert [one.value for one in page[1]][:8] == TITLES
    assert page.max_row == 2
    assert page["C2"].comment is not None
    page["C2"] = "0301-4417208"
    book.save(path)
    drop(tab, path)
    expect(tab).to_have_url(re.compile(re.escape(here)))
    expect(ready).to_have_text("Book 1 ready row")
    ready.click()
    expect(tab.get_by_role("heading", name="12 parcels booked")).to_be_visible()
    expect(tab.get_by_text("12 rows").first).to_be_visible()

    # The remembered columns and the remembered word for the city: the next sheet asks nothing of them.
    drop(tab, messy(tmp_path / "next.xlsx"))
    expect(tab.get_by_text("You have booked this order ref before", exact=False).first).to_be_attached()
    expect(tab.get_by_text("We do not know the city", exact=False)).to_have_count(0)

    # Undone whole, and the list of imports says so.
    tab.goto(here)
    tab.get_by_role("link", name="Undo this import").click()
    no_sideways_scroll(tab)
    picture(tab, "import-undo", width)
    tab.get_by_role("button", name="Undo the import").click()
    expect(tab.get_by_role("heading", name="12 parcels cancelled")).to_be_visible()
    tab.goto("/imports/")
    expect(tab.locator("#imports li").filter(has_text="bills.xlsx").first).to_contain_text("Undone")
    no_sideways_scroll(tab)
