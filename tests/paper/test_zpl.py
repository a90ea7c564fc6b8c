"""docs/subsystems/labels.md, case by case: labels as ZPL, printed by a renderer that is none of ours, and read back."""

import base64
import io
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from icargos.paper.formats import FORMATS
from icargos.paper.label import Label
from icargos.paper.labels import FEW, print_labels
from icargos.paper.press import PressFailed
from tests.conftest import ROOT
from tests.paper.sample_labels import EDGES, LONG_ADDRESS, LONG_URDU_ADDRESS, codes_of, label

PRINTER = ROOT / "tests" / "zpl_printer"
PER_MM = {203: 8, 300: 12}
SMALLEST = label(consignee_name="Ay", address="H 1", product="x", remarks="", landmark="", order_ref="1", cod_rupees=1)


def printed(data: bytes, dots: int, folder: Path) -> list[Image.Image]:
    """What comes out of the printer, a picture a label."""
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert node, "Node.js is missing: make setup"
    assert (PRINTER / "node_modules").is_dir(), "the tests' label printer is missing: make .venv/stamps/dev"
    folder.mkdir(exist_ok=True)
    # One pixel for each dot, whatever fraction of a millimetre that makes the label.
    sizes = [str(side / PER_MM[dots]) for side in _size(data)]
    command = [node, str(PRINTER / "print.mjs"), str(folder), *sizes, str(PER_MM[dots])]
    subprocess.run(command, input=data, check=True, timeout=300)
    return [Image.open(file).convert("L") for file in sorted(folder.glob("*.png"))]


def _size(data: bytes) -> tuple[int, int]:
    found = re.search(rb"\^PW(\d+)\^LL(\d+)", data)
    assert found
    return int(found[1]), int(found[2])


def read(image: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    """The box of what is dark inside a region given in points, in dots of the region; all zero when it is white."""
    scale = image.width / 288
    region = image.crop((round(left * scale), round(top * scale), round(right * scale), round(bottom * scale)))
    return region.point(lambda value: 255 if value < 128 else 0).getbbox() or (0, 0, 0, 0)


def said(data: bytes) -> str:
    """The texts that the printer sets in its own letters."""
    fields = re.findall(r"\^FD(.*?)\^FS", data.decode())
    return " | ".join(re.sub(r"_([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), field) for field in fields)


@pytest.mark.parametrize("dots", [203, 300])
def test_every_code_is_read_back_from_the_printer(dots: int, tmp_path: Path) -> None:
    shown = list(EDGES.values())
    images = printed(print_labels(shown, FORMATS[f"zpl-{dots}"]), dots, tmp_path)
    assert len(images) == len(shown)
    for one, image in zip(shown, images, strict=True):
        assert read(image) == codes_of(one)


def test_a_label_is_as_many_dots_as_the_head_has() -> None:
    assert _size(print_labels([label()], FORMATS["zpl-203"])) == (812, 1219)
    assert _size(print_labels([label()], FORMATS["zpl-300"])) == (1200, 1800)


def test_each_label_is_a_whole_one_in_order() -> None:
    data = print_labels([label(cn=f"IC0000000{n}5") for n in range(3)], FORMATS["zpl-203"]).decode()
    assert data.count("^XA") == data.count("^XZ") == 3
    assert re.findall(r"IC 0000 000(\d) 5", data) == ["0", "1", "2"]
    assert data.isascii()


@pytest.mark.parametrize("dots", [203, 300])
def test_nothing_is_printed_over_the_edge_or_across_a_rule(dots: int, tmp_path: Path) -> None:
    """The strips left and right of the texts stay white on every label, and so do those beside the rules."""
    images = printed(print_labels(list(EDGES.values()), FORMATS[f"zpl-{dots}"]), dots, tmp_path)
    for name, image in zip(EDGES, images, strict=True):
        for top, bottom in ((0, 37), (107, 189), (243, 310), (312, 348), (350, 389), (391, 405), (407, 432)):
            assert not any(ink(image, 0, top, 3, bottom)), (name, top)
            assert not any(ink(image, 286.5, top, 288, bottom)), (name, top)
        for rule in (38, 106, 311, 349, 390, 406):
            dark = ink(image, 6, rule - 1.4, 165, rule + 1.4)
            assert dark[3] - dark[1] <= round(3 * dots / 203), (name, rule)


def test_plain_texts_are_letters_and_urdu_is_dots() -> None:
    data = print_labels([label(consignee_name="حنا یوسف", address=LONG_ADDRESS)], FORMATS["zpl-203"])
    text = said(data)
    for part in ("Safar Courier", "SECOND DAY", "LAHORE", "IC 4731 2482 9", "Rs 6,450", "0301-4417208",
                 "Size 30 x 25 x 4 cm", "ZT-10492", "REPRINT", "DO NOT OPEN", "Flat 7-B, Second Floor"):  # fmt: skip
        assert part in text, part
    assert "pharmacy" in text
    assert data.count(b"^GFA") > 6
    assert not re.search("[؀-ۿ]", data.decode())


def test_urdu_looks_as_on_the_pdf(tmp_path: Path) -> None:
    """The same words, at the same place, as the press set them for paper."""
    import pypdfium2

    shown = EDGES["all urdu, prepaid"]
    (image,) = printed(print_labels([shown], FORMATS["zpl-203"]), 203, tmp_path)
    document = pypdfium2.PdfDocument(print_labels([shown]))
    paper = document[0].render(scale=image.width / 288, grayscale=True).to_pil()
    document.close()
    for region in ((150, 243, 288, 272), (100, 284, 288, 297), (150, 212, 282, 236)):
        ours, theirs = ink(paper, *region), ink(image, *region)
        assert any(ours)
        for one, other in zip(ours, theirs, strict=True):
            assert abs(one - other) <= 3


def test_white_words_on_black_stay_white(tmp_path: Path) -> None:
    """Printers add black to black: the Urdu amount and the lock stand in holes left for them."""
    (image,) = printed(print_labels([label()], FORMATS["zpl-203"]), 203, tmp_path)
    bar = image.crop((round(120 * 2.82), round(212 * 2.82), round(280 * 2.82), round(240 * 2.82)))
    histogram = bar.histogram()
    white = sum(histogram[200:]) / sum(histogram)
    assert 0.06 < white < 0.35
    lock = image.crop((round(12 * 2.82), round(414 * 2.82), round(22 * 2.82), round(424 * 2.82))).histogram()
    assert 0.1 < sum(lock[200:]) / sum(lock) < 0.6
    # The bar itself has no gap around the hole.
    edge = image.crop((0, round(191 * 2.82), image.width - 1, round(195 * 2.82))).histogram()
    assert sum(edge[128:]) == 0


@pytest.mark.parametrize("odd", ["a^XZb", "~HQ", "under_score", "^FDx^FS", "50% \\& off", "tab\tand\nline"])
def test_commands_in_a_text_are_only_text(odd: str, tmp_path: Path) -> None:
    shown = label(consignee_name=odd, product=odd, sort_note=odd, order_ref=odd[:20].split("\t")[0])
    data = print_labels([shown, label(cn="IC000000015")], FORMATS["zpl-203"])
    assert data.count(b"^XZ") == data.count(b"^XA") == 2
    assert " ".join(odd.split()) in said(data)
    first, second = printed(data, 203, tmp_path)
    assert read(first) == codes_of(shown)
    assert read(second) == codes_of(label(cn="IC000000015"))


def test_a_long_address_is_broken_into_lines_and_kept_whole() -> None:
    text = said(print_labels([label(address=LONG_ADDRESS, landmark="")], FORMATS["zpl-203"]))
    assert LONG_ADDRESS in text.replace(" | ", " ")
    urdu = print_labels([label(address=LONG_URDU_ADDRESS)], FORMATS["zpl-203"])
    assert "Flat" not in said(urdu)


def test_what_cannot_fit_ends_in_dots() -> None:
    text = said(print_labels([label(landmark="W" * 300, remarks="word " * 90)], FORMATS["zpl-203"]))
    assert text.count("...") >= 2


def test_a_logo_becomes_dots_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("L", (90, 30), 0).save(file, "PNG")
    with_logo = label(shipper_logo=file.getvalue())
    (image,) = printed(print_labels([with_logo], FORMATS["zpl-203"]), 203, tmp_path)
    left, top, right, bottom = ink(image, 140, 0, 210, 37)
    assert (right - left) / (bottom - top) == pytest.approx(3, abs=0.1)
    with pytest.raises(PressFailed, match="picture"):
        print_labels([label(shipper_logo=file.getvalue()[:40])], FORMATS["zpl-203"])


def test_many_are_told_in_order_across_processes() -> None:
    many = [label(cn=f"IC{n:08d}5") for n in range(FEW + 20)]
    data = print_labels(many, FORMATS["zpl-300"], workers=2).decode()
    assert re.findall(r"IC 0000 (\d{4}) 5", data) == [f"{n:04d}" for n in range(len(many))]


def test_the_same_labels_make_the_same_text() -> None:
    two: Sequence[Label] = [label(), SMALLEST]
    assert print_labels(two, FORMATS["zpl-203"]) == print_labels(two, FORMATS["zpl-203"])
    assert base64.b64encode(print_labels(two, FORMATS["zpl-203"]))
