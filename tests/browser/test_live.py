"""Open pages while the courier works: they keep up with changes that never pause."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import sign_in
from tests.house.world import calls

PAUSE = 0.03  # seconds between two changes: far less than a page waits before it shows one


def _book(portal: str, key: str) -> None:
    body = json.dumps(calls(theirs=False)["api:bookings"]).encode()
    head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{portal}/api/v1/bookings", body, head), timeout=10) as answer:
        assert answer.status == 201


@contextmanager
def _booking_without_pause(portal: str, key: str) -> Iterator[None]:
    enough, trouble = Event(), []

    def work() -> None:
        try:
            while not enough.wait(PAUSE):
                _book(portal, key)
        except Exception as error:
            trouble.append(error)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()
    assert trouble == []


@pytest.mark.parametrize("width", [1440], ids=["wide"], indirect=True)
def test_an_open_page_keeps_up_with_changes_that_never_pause(tab: Page, portal: str) -> None:
    sign_in(tab, "ayesha")
    tab.goto("/settings/api/")
    tab.get_by_label("Name of the new key").fill("Shop")
    tab.get_by_role("button", name="Make a key").click()
    key = tab.locator("#code-secret").inner_text()
    _book(portal, key)
    tab.goto("/overview/")
    expect(tab.locator("[data-live-mark]")).to_contain_text("Live")
    asked: list[Request] = []
    tab.on("request", lambda request: asked.append(request) if request.headers.get("hx-request") else None)
    booked = tab.locator("#family-booked .strip-value")
    began = monotonic()
    with _booking_without_pause(portal, key):
        for _change in range(4):
            expect(booked).not_to_have_text(re.compile(f"^{re.escape(booked.inner_text())}$"))
    figures = [request for request in asked if request.url.endswith("/overview/")]
    assert 4 <= len(figures) <= monotonic() - began + 2, "many changes in one second are one refresh"
