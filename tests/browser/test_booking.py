"""The booking form by keyboard, and what becomes of a form that is left half-way; changing what was booked."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import no_sideways_scroll, picture
from tests.cast import PASSWORD

# Fifteen seconds at a slow typist's three keys a second.
MOST_KEYS = 45


def sign_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sign_out(page: Page, width: int) -> None:
    if width < 900:
        page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").locator("visible=true").click()
    expect(page.get_by_label("Email")).to_be_visible()


class Typist:
    """Presses one key after another and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        for character in text:
            self.press(character)


def fill(page: Page, **changes: str) -> None:
    """A whole booking for Hina in Lahore."""
    values = {
        "Phone": "0301 4417208",
        "Name": "Hina Yousaf",
        "City": "لاہور",
        "Address": "House 14, Street 9, Gulberg III",
        "Weight": "1.2",
        "COD amount": "6450",
        "Product": "Lawn suit",
        **changes,
    }
    for label, value in values.items():
        page.get_by_label(label, exact=label in {"Phone", "Name", "City", "Address"}).first.fill(value)


def print_label(page: Page, cn: str) -> None:
    """Print the label as the page's button does, without a window that shows it."""
    token = page.locator("body").get_attribute("data-csrf")
    assert page.request.post("/labels/", form={"cn": cn, "csrfmiddlewaretoken": token or ""}).ok


def booked(page: Page) -> str:
    """The number on the page of the parcel that was just booked."""
    expect(page.get_by_text("Booked, waiting for pickup")).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text().replace(" ", "")


def test_a_repeat_consignee_is_booked_by_keyboard_alone(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    fill(tab, **{"Order ref": "ZT-1"})
    expect(tab.locator("#quote")).to_contain_text("You receive")
    expect(tab.get_by_text("Not used before")).to_be_visible()
    picture(tab, "book-filled", width)
    tab.keyboard.press("Control+Enter")
    first = booked(tab)

    hands = Typist(tab)
    if width > 900:
        hands.press("n")
    else:
        tab.goto("/book/")
    phone = tab.get_by_label("Phone", exact=True)
    expect(phone).to_be_focused()
    hands.type("030144")
    option = tab.get_by_role("option", name=re.compile("Hina Yousaf"))
    expect(option).to_have_attribute("aria-selected", "true")
    expect(tab.get_by_label("Address", exact=True)).to_have_attribute("placeholder", "House 14, Street 9, Gulberg III")
    expect(tab.get_by_label("Address", exact=True)).to_have_value("")
    no_sideways_scroll(tab)
    picture(tab, "book-suggested", width)
    hands.press("Enter")
    expect(phone).to_have_value("0301-4417208")
    expect(tab.get_by_label("Address", exact=True)).to_have_value("House 14, Street 9, Gulberg III")
    for field, text in (("Weight", "0.8"), ("COD amount", "4500"), ("Order ref", "ZT-2"), ("Product", "Lawn suit")):
        expect(tab.get_by_label(field).locator("visible=true")).to_be_focused()
        hands.type(text)
        hands.press("Enter")
    second = booked(tab)
    assert second != first
    assert hands.keys <= MOST_KEYS, hands.keys
    print(f"{hands.keys} keys")
    expect(tab.get_by_text("0301-4417208").first).to_be_visible()


def test_escape_leaves_what_was_typed_and_enter_asks_for_what_is_missing(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    fill(tab)
    tab.keyboard.press("Control+Enter")
    booked(tab)
    tab.goto("/book/")
    expect(tab.get_by_label("Phone", exact=True)).to_be_focused()
    tab.keyboard.type("0301-44")
    expect(tab.locator("#consignees [role=option]")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#consignees")).to_be_hidden()
    expect(tab.get_by_label("Phone", exact=True)).to_have_value("0301-44")
    expect(tab.get_by_label("Name", exact=True)).to_have_attribute("placeholder", "")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Name", exact=True)).to_be_focused()
    # With the pointer: the option that is pressed is taken.
    tab.get_by_label("Phone", exact=True).fill("0301-441")
    tab.locator("#consignees [role=option]").click()
    expect(tab.get_by_label("Name", exact=True)).to_have_value("Hina Yousaf")
    expect(tab.get_by_role("textbox", name="Weight")).to_be_focused()
    # The sides of a box: x goes on, and a pasted size fills all three.
    tab.get_by_label("Length in cm").click()
    tab.keyboard.type("40x30x12")
    expect(tab.get_by_label("Height in cm")).to_have_value("12")
    tab.get_by_label("Length in cm").fill("50 × 20 × 10")
    expect(tab.get_by_label("Width in cm")).to_have_value("20")
    # What is missing is asked for again before anything is sent.
    tab.get_by_label("Product").fill("Bag")
    tab.get_by_label("Product").press("Enter")
    expect(tab.get_by_role("textbox", name="Weight")).to_be_focused()


def test_what_is_wrong_is_listed_in_links_large_enough_to_press(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    token = tab.locator("body").get_attribute("data-csrf") or ""
    # Not by the form: a browser writes every page that is a refusal into its console.
    tab.set_content(tab.request.post("/book/", form={"csrfmiddlewaretoken": token}).text())
    summary = tab.get_by_role("alert")
    expect(summary.get_by_role("link").last).to_be_visible()
    for link in summary.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 24, link.inner_text()


def test_book_and_next_takes_the_service_along_and_alt_with_a_letter_presses_it(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    fill(tab)
    tab.get_by_role("radio", name=re.compile("Overland")).check(force=True)
    if width > 900:
        tab.keyboard.press("Alt+m")
        expect(tab.get_by_label("Remarks")).to_be_visible()
        tab.keyboard.press("Alt+n")
    else:
        tab.get_by_role("button", name="Book and next").click()
    expect(tab.get_by_text(re.compile("Booked IC"))).to_be_visible()
    expect(tab.get_by_label("Phone", exact=True)).to_have_value("")
    expect(tab.get_by_label("Phone", exact=True)).to_be_focused()
    expect(tab.get_by_role("radio", name=re.compile("Overland"))).to_be_checked()


def test_a_half_filled_form_survives_a_reload_but_no_change_of_person(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    fill(tab, Product="Half a suit")
    tab.get_by_label("May open before paying").check()
    tab.get_by_text("Insurance, remarks, wishes").click()
    tab.get_by_label("Remarks").fill("Ring twice")
    tab.reload()
    expect(tab.get_by_text("Your half-filled form is back")).to_be_visible()
    expect(tab.get_by_label("Product")).to_have_value("Half a suit")
    expect(tab.get_by_label("May open before paying")).to_be_checked()
    expect(tab.get_by_label("Remarks")).to_have_value("Ring twice")
    expect(tab.locator("#quote")).to_contain_text("You receive")
    no_sideways_scroll(tab)

    # A walk through other pages does it no harm; starting over does.
    tab.goto("/orders/")
    tab.goto("/book/")
    expect(tab.get_by_label("Product")).to_have_value("Half a suit")
    tab.get_by_role("button", name="Start over").click()
    expect(tab.get_by_label("Product")).to_have_value("")
    expect(tab.get_by_text("Your half-filled form is back")).to_be_hidden()

    # Once it is booked it is gone, also when its page comes back.
    fill(tab)
    tab.keyboard.press("Control+Enter")
    booked(tab)
    tab.goto("/book/")
    expect(tab.get_by_label("Phone", exact=True)).to_have_value("")

    # Another tab's form goes with the sign-out too, and the next person finds nothing in either.
    fill(tab)
    other = tab.context.new_page()
    other.goto("/book/")
    expect(other.get_by_label("Phone", exact=True)).to_have_value("")
    fill(other, Name="Sana Malik")
    tab.reload()
    expect(tab.get_by_label("Name", exact=True)).to_have_value("Hina Yousaf")
    tab.goto("/orders/")
    other.goto("/orders/")
    sign_out(tab, width)
    for page in (tab, other):
        kept = page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))")
        assert kept == []
    sign_in(tab, "ayesha")
    for page in (tab, other):
        page.goto("/book/")
        expect(page.get_by_label("Phone", exact=True)).to_have_value("")
        assert "Hina" not in page.content()
    other.close()


def test_a_booking_is_changed_and_its_printed_label_marked(tab: Page, width: int) -> None:
    sign_in(tab, "bilal")
    tab.goto("/book/")
    fill(tab)
    tab.keyboard.press("Control+Enter")
    cn = booked(tab)
    print_label(tab, cn)
    tab.reload()
    tab.get_by_role("link", name="Edit").click()
    expect(tab.get_by_text("The price stays as it was.")).to_be_visible()
    tab.get_by_role("textbox", name="Weight").fill("3")
    expect(tab.get_by_text(re.compile("Before: charges"))).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "edit", width)
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_text("The printed label is out of date.")).to_be_visible()
    story = tab.locator("section", has=tab.get_by_role("heading", name="Who did what"))
    expect(story).to_contain_text("1.2 kg")
    expect(story).to_contain_text("3.0 kg")
    expect(story).to_contain_text("Bilal Raza")
    tab.get_by_label("Note", exact=True).fill("Customer asked for blue")
    tab.get_by_role("button", name="Add").click()
    expect(tab.get_by_text("Customer asked for blue")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "consignment-changed", width)
    print_label(tab, cn)
    tab.reload()
    expect(tab.get_by_text("The printed label is out of date.")).to_have_count(0)

    # Cancelled, it is booked again with the form filled in.
    tab.get_by_text("Cancel", exact=True).click()
    tab.get_by_role("button", name="Cancel this consignment").click()
    tab.get_by_role("link", name="Book again").click()
    expect(tab.get_by_role("textbox", name="Weight")).to_have_value("3")
    expect(tab.get_by_text("Filled in like")).to_be_visible()
    tab.get_by_role("textbox", name="Weight").press("Control+Enter")
    assert booked(tab) != cn


def test_the_address_book_and_the_profiles_work_by_hand_and_by_sheet(tab: Page, width: int, tmp_path: Path) -> None:
    sign_in(tab, "bilal")
    tab.goto("/addresses/")
    expect(tab.get_by_text("Nobody kept yet")).to_be_visible()
    no_sideways_scroll(tab)
    tab.get_by_role("link", name="Keep the first one").click()
    for label, value in (("Phone", "0301 4417208"), ("Name", "Hina Yousaf"), ("City", "Lahore")):
        tab.get_by_label(label, exact=True).fill(value)
    tab.get_by_label("Address", exact=True).fill("House 14, Street 9, Gulberg III")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_role("link", name="Hina Yousaf", exact=True)).to_be_visible()

    sheet = tmp_path / "book.csv"
    sheet.write_text(
        "Customer Name,Mobile,City,Address\n"
        "Hina Yousaf,0333-1234567,Lahore,House 14 Street 9 Gulberg III\n"
        "Sana Malik,0334-1234567,Multan,House 9 Gulgasht Colony\n"
        ",12,Nowhere,x\n",
        encoding="utf-8",
    )
    tab.get_by_text("Import", exact=True).locator("visible=true").last.click()
    tab.get_by_label(re.compile("A sheet of consignees")).set_input_files(sheet)
    tab.get_by_role("button", name="Read it in").click()
    expect(tab.get_by_text("2 new entries")).to_be_visible()
    expect(tab.get_by_text("1 row left out")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "addresses", width)
    for box in tab.get_by_label("Select Hina Yousaf").all():
        box.check()
    tab.get_by_role("button", name="Merge").click()
    expect(tab.get_by_label("Second phone")).to_have_value("0333-1234567")
    tab.locator(".page-head").get_by_role("link", name="Book", exact=True).click()
    expect(tab.get_by_label("Name", exact=True)).to_have_value("Hina Yousaf")
    tab.goto("/addresses/?q=sana")
    tab.get_by_label("Select Sana Malik").check()
    tab.get_by_role("button", name="Delete").click()
    tab.get_by_role("button", name="Delete for good").click()
    expect(tab.get_by_text("Sana Malik")).to_have_count(0)

    tab.goto("/profiles/")
    tab.get_by_role("link", name="New profile").click()
    for label, value in (("Name", "Liberty outlet"), ("Phone", "0300 8224419"), ("City", "Lahore")):
        tab.get_by_label(re.compile(f"^{label}")).fill(value)
    tab.get_by_label("Address", exact=True).fill("Shop 21, Liberty Market, Gulberg III")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_text("4103")).to_be_visible()
    no_sideways_scroll(tab)
    picture(tab, "profiles", width)
    tab.locator("li", has_text="4103").get_by_role("button", name="Use for my bookings").click()
    expect(tab.get_by_text("Yours")).to_be_visible()
    tab.goto("/book/")
    expect(tab.get_by_label("Pickup profile", exact=True)).to_have_value("4103")
    no_sideways_scroll(tab)
