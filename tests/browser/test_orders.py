"""The orders list in a person's hands: choose over pages, cancel on second thoughts, keep a view, take a file out."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import no_sideways_scroll, picture, sign_in
from tests.house.world import calls

PARCELS, LAHORE = 120, 60


def _booked(chromium: Browser, tab: Page, portal: str) -> None:
    """A shipper with more parcels than a page holds, every other one to Lahore, booked by its own programme."""
    owner = chromium.new_page(base_url=portal)
    sign_in(owner, "ayesha")
    owner.goto("/settings/api/")
    owner.get_by_label("Name of the new key").fill("Shop")
    owner.get_by_role("button", name="Make a key").click()
    head = {"Authorization": f"Bearer {owner.locator('#code-secret').inner_text()}", "Content-Type": "application/json"}
    owner.close()
    plain = calls(theirs=False)["api:bookings"]
    for first in range(0, PARCELS, 60):
        orders = [
            {
                **plain,
                "order_ref": f"ZT-{n}",
                "consignee": {**plain["consignee"], "city": "Lahore" if n % 2 else "Multan"},
            }
            for n in range(first, first + 60)
        ]
        asked = urllib.request.Request(f"{portal}/api/v1/bookings", json.dumps(orders).encode(), head)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.status == 201
    sign_in(tab, "bilal")


def _chosen(tab: Page, said: str) -> None:
    expect(tab.get_by_role("region", name="Selected rows")).to_contain_text(said)


def _tick_the_page(tab: Page, width: int) -> None:
    """The heading's tick; a phone has no heading, so the first and, with Shift, the last row."""
    boxes = tab.locator("[data-row]").get_by_role("checkbox")
    if width > 900:
        tab.get_by_label("Select all on this page").check()
    else:
        boxes.first.check()
        boxes.last.click(modifiers=["Shift"])


def _toast(tab: Page, said: str) -> None:
    expect(tab.get_by_role("status").filter(has_text=said)).to_be_visible()


def _open(tab: Page, label: str) -> None:
    tab.locator("summary").filter(has_text=re.compile(rf"^\s*{label}\s*$")).click()


def test_the_list_is_narrowed_kept_chosen_cancelled_and_taken_out(
    chromium: Browser, tab: Page, portal: str, width: int, tmp_path: Path
) -> None:
    _booked(chromium, tab, portal)
    tab.goto("/orders/")
    expect(tab.locator("[data-row]")).to_have_count(50)
    expect(tab.get_by_label("Pages")).to_contain_text(f"1–50 of {PARCELS}")
    no_sideways_scroll(tab)

    # All that match, on every page, as a file.
    _tick_the_page(tab, width)
    _chosen(tab, "50 selected")
    tab.get_by_role("button", name=f"Select all {PARCELS} that match").click()
    _chosen(tab, f"All {PARCELS} selected")
    no_sideways_scroll(tab)
    picture(tab, "orders-chosen", width)
    _open(tab, "More")
    tab.get_by_role("button", name="Take them out as a file").click()
    with tab.expect_download() as download:
        tab.get_by_role("dialog").get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "orders.csv")
    assert len((tmp_path / "orders.csv").read_text("utf-8-sig").splitlines()) == PARCELS + 1
    _chosen(tab, f"All {PARCELS} selected")

    # One city, kept as a tab of one's own.
    tab.get_by_label("Clear the selection").click()
    expect(tab.get_by_role("region", name="Selected rows")).to_be_hidden()
    _open(tab, "City")
    tab.get_by_role("combobox", name="Destination").fill("lhr")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("city=lhr"))
    expect(tab.get_by_label("Pages")).to_contain_text(f"of {LAHORE}")
    _open(tab, "Save this view")
    tab.get_by_placeholder("Name of the view").fill("To Lahore")
    tab.keyboard.press("Enter")
    _toast(tab, "View “To Lahore” saved")
    mine = tab.get_by_role("navigation", name="Views").get_by_role("link", name=f"To Lahore {LAHORE}")
    expect(mine).to_be_attached()
    expect(mine).to_have_attribute("aria-current", "page")

    # Cancel them, after a second thought.
    _tick_the_page(tab, width)
    tab.get_by_role("button", name=f"Select all {LAHORE} that match").click()
    _chosen(tab, f"All {LAHORE} selected")
    bar = tab.get_by_role("region", name="Selected rows")
    bar.get_by_role("button", name="Cancel").click()
    dialog = tab.get_by_role("dialog", name="Cancel these consignments?")
    expect(dialog).to_contain_text(f"All {LAHORE} selected")
    picture(tab, "orders-cancel", width)
    dialog.get_by_role("button", name="Keep them").click()
    expect(dialog).to_be_hidden()
    expect(tab.locator("[data-row]").filter(has_text="Cancelled")).to_have_count(0)
    bar.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Yes, cancel them").dblclick()
    _toast(tab, f"{LAHORE} consignments cancelled")
    expect(tab.locator("[data-row]").filter(has_text="Cancelled")).to_have_count(50)
    expect(tab.get_by_role("region", name="Selected rows")).to_be_hidden()

    # Again: nothing is left to cancel, and it says why.
    tab.locator("[data-row]").first.get_by_role("checkbox").check()
    bar.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Yes, cancel them").click()
    _toast(tab, "1 of 1 was not cancelled: Cancelled (IC")


def test_ticks_last_from_page_to_page_and_a_tag_finds_them_again(
    chromium: Browser, tab: Page, portal: str, width: int
) -> None:
    _booked(chromium, tab, portal)
    tab.goto("/orders/?status=new_booked")
    for place in (0, 3):
        tab.locator("[data-row]").nth(place).get_by_role("checkbox").check()
    tab.get_by_role("link", name="Next").click()
    expect(tab.get_by_label("Pages")).to_contain_text("51–100")
    _chosen(tab, "2 selected")
    tab.locator("[data-row]").nth(1).get_by_role("checkbox").check()
    _chosen(tab, "3 selected")
    tab.get_by_role("region", name="Selected rows").get_by_role("button", name="Tag").click()
    tab.get_by_role("dialog").get_by_label("Tag", exact=True).fill("Eid")
    tab.keyboard.press("Enter")
    _toast(tab, "“Eid” put on 3 parcels")
    expect(tab).to_have_url(re.compile(r"/orders/\?status=new_booked$"))
    expect(tab.get_by_role("region", name="Selected rows")).to_be_hidden()
    tab.goto("/orders/?tag=Eid")
    expect(tab.locator("[data-row]")).to_have_count(3)
    expect(tab.locator("[data-row] .tag")).to_have_text(["Eid"] * 3)
    no_sideways_scroll(tab)

    # What one row offers.
    row = tab.locator("[data-row]").first
    cn = row.get_attribute("data-row")
    tab.get_by_role("button", name=f"More for {cn}").click()
    menu = tab.get_by_role("navigation", name="Quick actions")
    expect(menu.get_by_role("link")).to_have_text(["Live tracking", "View details", "Print label"])
    picture(tab, "orders-menu", width)
    link = menu.get_by_role("link", name="Live tracking").get_attribute("href")
    assert link is not None
    assert re.fullmatch(r"/t/[\w-]{22}/?", link)
    menu.get_by_role("button", name="Copy tracking link").click()
    expect(menu).to_contain_text("Copied")
    menu.get_by_role("link", name="View details").click()
    expect(tab).to_have_url(re.compile(f"/orders/{cn}/$"))


@pytest.mark.parametrize("width", [1440], ids=["wide"], indirect=True)
def test_an_open_list_renews_its_rows_in_place_and_keeps_the_ticks(
    chromium: Browser, tab: Page, portal: str, width: int
) -> None:
    _booked(chromium, tab, portal)
    tab.goto("/orders/?view=to_ship")
    expect(tab.locator("[data-live-mark]")).to_contain_text("Live")
    rows = tab.locator("[data-row]")
    numbers = [row.get_attribute("data-row") for row in rows.all()]
    for place in (1, 2):
        rows.nth(place).get_by_role("checkbox").check()
    other = tab.context.new_page()
    other.goto(f"/orders/{numbers[2]}/")
    other.locator("summary").filter(has_text="Cancel").click()
    other.locator(".ask form").get_by_role("button").click()
    expect(other.get_by_role("heading", level=2).first).to_be_visible()
    expect(rows.nth(2)).to_contain_text("Cancelled")
    assert [row.get_attribute("data-row") for row in rows.all()] == numbers
    for place in range(4):
        box = rows.nth(place).get_by_role("checkbox")
        expect(box).to_be_checked() if place in (1, 2) else expect(box).not_to_be_checked()
    _chosen(tab, "2 selected")
    expect(tab.get_by_role("navigation", name="Views")).to_contain_text(f"To ship {PARCELS - 1}")


def test_the_keyboard_walks_ticks_and_filters(chromium: Browser, tab: Page, portal: str, width: int) -> None:
    _booked(chromium, tab, portal)
    tab.goto("/orders/")
    expect(tab.locator("[data-row]")).to_have_count(50)
    for key in "jjx":
        tab.keyboard.press(key)
    expect(tab.locator("[data-row].is-selected")).to_have_count(1)
    expect(tab.locator("[data-row]").nth(1)).to_have_class(re.compile("is-current"))
    _chosen(tab, "1 selected")
    tab.keyboard.press("k")
    tab.keyboard.press("x")
    _chosen(tab, "2 selected")
    tab.keyboard.press("/")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    tab.keyboard.type("zt-11x")
    expect(tab.locator("[data-row].is-selected")).to_have_count(2)
    tab.keyboard.press("Backspace")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Pages")).to_contain_text("of 11")  # ZT-11 and ZT-110 to ZT-119
    summary = tab.locator("summary").filter(has_text="Status")
    summary.click()
    expect(tab.get_by_role("checkbox", name="Out for Delivery", exact=True)).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("checkbox", name="Out for Delivery", exact=True)).to_be_hidden()
    expect(summary).to_be_focused()
