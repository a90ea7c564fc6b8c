"""Bars and squares: each says its text, and Code 128 says it in the fewest symbols."""

import string
from collections.abc import Sequence

import pytest
import zint
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from icargos.paper import codes

PRINTABLE = string.digits * 3 + "".join(chr(code) for code in range(32, 127))


def drawn(rows: Sequence[int], width: int, scale: int = 4, quiet: int = 12, tall: int = 1) -> Image.Image:
    image = Image.new("L", (width + 2 * quiet, len(rows) * tall + 2 * quiet), 255)
    for y, row in enumerate(rows):
        for x in range(width):
            if row >> x & 1:
                image.paste(0, (quiet + x, quiet + y * tall, quiet + x + 1, quiet + (y + 1) * tall))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@settings(max_examples=150, deadline=None)
@given(st.text(PRINTABLE, min_size=1, max_size=24))
def test_code_128_says_its_text_in_no_more_room_than_the_reference(text: str) -> None:
    widths = codes.code128(text)
    modules = "".join(("1" if place % 2 == 0 else "0") * int(width) for place, width in enumerate(widths))
    found = zxingcpp.read_barcodes(drawn([int(modules[::-1], 2)], len(modules), tall=40))
    assert [(code.text, code.format == zxingcpp.BarcodeFormat.Code128) for code in found] == [(text, True)]
    reference = zint.Symbol()
    reference.symbology = zint.Symbology.CODE128
    reference.encode(text)
    assert len(modules) <= reference.width


@pytest.mark.parametrize("text", ["", "é", "a\n", "۱۲"])
def test_code_128_refuses_what_it_has_no_symbol_for(text: str) -> None:
    assert not codes.is_code128(text)
    with pytest.raises(ValueError, match="printable ASCII"):
        codes.code128(text)


@pytest.mark.parametrize("text", ["A", "https://x.pk/q/" + "z" * 80, "1" * 150])
def test_a_qr_says_its_payload(text: str) -> None:
    rows = codes.qr(text)
    assert read(drawn(rows, len(rows))) == [text]


@pytest.mark.parametrize("text", ["1", "ORD-" + "x9Z" * 15, "آرڈر ۱۲۳", "#" * 50])
def test_a_data_matrix_says_its_text_in_any_script(text: str) -> None:
    rows = codes.data_matrix(text)
    assert read(drawn(rows, len(rows))) == [text]


@given(st.lists(st.integers(0, 2**20 - 1), min_size=20, max_size=20))
def test_the_drawn_dashes_are_the_dark_modules(rows: list[int]) -> None:
    seen = []
    for line in codes.rows_path(rows).split("M0 ")[1:]:
        place = row = 0
        for step in line.replace(" 0", "").partition(".5")[2].replace("h", " h").replace("m", " m").split():
            length = int(step[1:])
            row |= ((1 << length) - 1) << place if step[0] == "h" else 0
            place += length
        seen.append(row)
    assert seen == rows
