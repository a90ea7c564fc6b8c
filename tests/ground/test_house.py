"""docs/subsystems/papers.md, 2: the courier's own logo stands on its papers and labels."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from icargos.booking import queries
from icargos.booking.rules.printing import Wanted
from icargos.ground import house
from icargos.ground.tenancy import acting
from icargos.ui import papers
from tests.cast import NOW, Cast
from tests.conftest import ROOT
from tests.parcels import enter


@pytest.fixture
def logo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A wide blue logo with something hidden in its file, named by the setting."""
    file = tmp_path / "logo.jpg"
    Image.new("RGB", (900, 300), "navy").save(file, comment=b"secret")
    monkeypatch.setitem(settings.COURIER, "logo", str(file))
    return house.courier_logo()


def test_a_house_without_a_logo_shows_its_mark() -> None:
    assert papers.courier().logo == b""


def test_the_logo_is_a_square_made_anew(logo: bytes, tmp_path: Path) -> None:
    (tmp_path / "made.png").write_bytes(logo)
    shown = Image.open(tmp_path / "made.png")
    assert (shown.format, shown.size) == ("PNG", (480, 480))
    assert shown.getpixel((240, 240)) == pytest.approx((0, 0, 128), abs=2)
    assert shown.getpixel((240, 5)) == (255, 255, 255)
    assert b"secret" not in logo


def test_it_stands_on_papers_and_on_every_label(cast: Cast, logo: bytes) -> None:
    assert papers.courier().logo == logo
    (entered,) = enter(cast, 1)
    actor, wanted = cast.actor("bilal"), Wanted(form="4x6")
    with acting(actor):
        parcels = queries.printable(actor, [entered.id], wanted.sorting)
        (label,) = queries.labels(actor, parcels, wanted, base_url="https://portal.example")
        assert queries.sample_label(actor, wanted, today=NOW.date()).courier_logo == logo
    assert label.courier_logo == logo


@pytest.mark.parametrize("content", [None, b"<svg/>"])
def test_a_logo_that_is_none_stops_the_start_and_names_the_variable(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "logo.png"
    if content is not None:
        file.write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-c", "import icargos.main.settings"],
        env={**os.environ, "ICARGOS_COURIER_LOGO": str(file)}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "ICARGOS_COURIER_LOGO" in told.stderr
