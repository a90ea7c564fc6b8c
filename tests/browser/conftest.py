"""A whole portal for the browser: the real command line and its three processes, on a clone of the template."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from icargos.engine import Cluster
from tests import databases
from tests.cast import PASSWORD
from tests.conftest import HOME, ROOT

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), "")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = ROOT / "docs" / "screenshots"
expect.set_options(timeout=15_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def portal_database() -> str:
    """The name of the portal's own database."""
    return f"icargos_browser_{databases.WORKER}"


@pytest.fixture
def portal(cluster: Cluster) -> Iterator[str]:
    """The address of a portal with the cast in it, started for this test and stopped after it."""
    name = portal_database()
    databases.recreate(cluster, name)
    port, live = _free_port(), _free_port()
    home = HOME / name
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **{key: value for key, value in os.environ.items() if key != "ICARGOS_AS_OWNER"},
        "ICARGOS_HOME": str(home),
        "DATABASE_URL": cluster.app_url(name),
        "PYTHONPATH": str(ROOT),
        "ICARGOS_WEB_WORKERS": "1",
    }
    command = [sys.executable, "-m", "icargos", "run", "--port", str(port), "--live-port", str(live)]
    with open(home / "portal.log", "wb") as log:
        running = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/readyz", running, home / "portal.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=20)


def _wait(address: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if running.poll() is not None:
            pytest.fail(f"the portal stopped: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the portal did not come up: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless. Closed with its file: its event loop would keep Django from the database after."""
    if not CHROMIUM:
        pytest.fail("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[1440, 390], ids=["wide", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """The two widths every page must work at."""
    found: int = request.param
    return found


@pytest.fixture
def context(chromium: Browser, portal: str, width: int) -> Iterator[BrowserContext]:
    """A browser window of that width, in English and light; fails the test on any error in its console."""
    opened = chromium.new_context(
        base_url=portal,
        viewport={"width": width, "height": 900 if width > 900 else 844},
        color_scheme="light",
        locale="en-GB",
        accept_downloads=True,
    )
    opened.set_default_timeout(15_000)
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("weberror", lambda error: problems.append(str(error.error)))
    yield opened
    opened.close()
    assert problems == []


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """One page of the window."""
    return context.new_page()


def sign_in(page: Page, who: str) -> None:
    """By the door that everybody takes; ``who`` is one of the cast."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)


def picture(page: Page, name: str, width: int) -> None:
    """Keep a screenshot for the documentation, when asked for by ICARGOS_PICTURES=1."""
    if os.environ.get("ICARGOS_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{width}.png")


def no_sideways_scroll(page: Page) -> None:
    """The page is no wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"


class Stage:
    """Every person's own browser, all of them on one portal."""

    def __init__(self, browser: Browser, portal: str) -> None:
        self.browser, self.portal = browser, portal
        self.open: list[BrowserContext] = []
        self.problems: list[str] = []

    def person(self, who: str | None, width: int) -> Page:
        """A browser signed in as the person; None is a stranger."""
        context = self.browser.new_context(
            base_url=self.portal,
            viewport={"width": width, "height": 900 if width > 900 else 844},
            color_scheme="light",
            locale="en-GB",
            geolocation={"latitude": 30.1575, "longitude": 71.5249, "accuracy": 12},
            permissions=["geolocation"],
        )
        context.set_default_timeout(15_000)
        context.on("console", lambda m: self.problems.append(f"{who}: {m.text}") if m.type == "error" else None)
        context.on("weberror", lambda error: self.problems.append(f"{who}: {error.error}"))
        self.open.append(context)
        page = context.new_page()
        if who:
            sign_in(page, who)
        return page


@pytest.fixture
def stage(chromium: Browser, portal: str) -> Iterator[Stage]:
    """The stage, cleared afterwards; fails on any error in any console."""
    found = Stage(chromium, portal)
    yield found
    for context in found.open:
        context.close()
    assert found.problems == []


def scan(page: Page, cn: str, said: str | re.Pattern[str]) -> None:
    """Type what the scanner would; wait for the answer."""
    field = page.locator("[data-scan]")
    field.fill(cn)
    field.press("Enter")
    expect(page.locator("#verdict")).to_contain_text(cn)
    expect(page.locator("#verdict")).to_contain_text(said)
    expect(field).to_be_focused()
