"""docs/subsystems/papers.md, the kit case by case: what every paper on A4 has alike."""

import re

import pytest
import zxingcpp
from PIL import Image

from icargos.paper.document import (
    Block,
    Code,
    Column,
    Document,
    Fact,
    Facts,
    Party,
    Picture,
    Pictures,
    Section,
    Signing,
    Table,
    document_pdf,
)
from icargos.paper.press import PressFailed
from icargos.paper.tongue import Tongue
from tests.paper.sample_papers import (
    A4,
    AT,
    LINK,
    darkest,
    document,
    margins,
    opened,
    photo,
    pictures,
    shown,
    signature,
    text,
    texts,
)

GONE = "This picture is not here."


def made(*blocks: Block, **changes: object) -> bytes:
    """The sample document with these blocks."""
    return document_pdf(document(blocks=list(blocks), **changes))


def parcels(count: int) -> Table:
    """A table as a load sheet has one."""
    columns = [Column("#", 0, "end"), Column("CN", 0, face="mono"), Column("Consignee"), Column("COD", 0, "end")]
    rows = [(str(n), f"IC{n:09d}", f"Hina {n}", f"Rs {n:,}") for n in range(1, count + 1)]
    return Table("Parcels", columns, rows, ("", "", f"{count} parcels", "Rs 9,999"))


def framed(*data: bytes) -> Pictures:
    """Pictures with their captions."""
    return Pictures("Evidence", [Picture(f"Photo {n}", one, GONE) for n, one in enumerate(data, 1)])


def png(width: int, height: int) -> bytes:
    """A plain logo."""
    from io import BytesIO

    out = BytesIO()
    Image.new("RGB", (width, height), (0, 0, 0)).save(out, "PNG")
    return out.getvalue()


def test_every_page_is_an_upright_a4() -> None:
    with opened(made(parcels(120))) as pages:
        assert len(pages) > 2
        for page in pages:
            assert page.get_mediabox()[2:] == pytest.approx(A4, abs=0.05)
            assert page.get_rotation() == 0


def test_a_wide_paper_lies_on_its_side_with_the_same_frame() -> None:
    with opened(made(parcels(120), wide=True)) as pages:
        for page in pages:
            assert page.get_mediabox()[2:] == pytest.approx((A4[1], A4[0]), abs=0.05)
            assert page.get_rotation() == 0


def test_a_cell_is_a_text_several_below_one_another_or_a_code() -> None:
    columns = [Column("Code", 0), Column("Who"), Column("Where")]
    rows = [(Code("IC473124829"), ("Hina Yousaf", "", "#let x = [torn]"), "Lahore")]
    paper = made(Table("Doors", columns, rows, written=True))
    assert "IC473124829 Hina Yousaf #let x = [torn] Lahore" in text(paper)
    read = zxingcpp.read_barcodes(shown(paper, dpi=203))
    assert [one.text for one in read if one.format == zxingcpp.BarcodeFormat.Code128] == ["IC473124829"]


@pytest.mark.parametrize("odd", ["", "پارسل"])
def test_what_code_128_does_not_hold_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="Code 128"):
        made(Table("Doors", [Column("Code", 0)], [(Code(odd),)]))


def test_the_first_page_says_whose_paper_it_is_and_each_page_which_and_how_many() -> None:
    first, second, *_rest, last = pages = texts(made(parcels(120)))
    for words in ("Safar Courier", "021 111 723 270", "Zarqa Textiles", "KHI-00421", "162 parcels for Imran Ali"):
        assert words in first
        assert words not in second
    for n, page in enumerate(pages, 1):
        for words in ("Load sheet", "LS-2611-0087", "Record 9f86d081 884c7d65", f"Page {n} of {len(pages)}"):
            assert words in page
        assert "Printed Sat 21 Nov 2026, 14:12." in page
    assert "Rs 9,999" in last


def test_logos_stand_where_there_are_any_and_the_house_mark_where_there_is_none() -> None:
    plain = made()
    assert pictures(plain) == [[]]
    logos = {"courier": Party("Safar", logo=png(90, 90)), "shipper": Party("Zarqa", logo=png(60, 30))}
    assert sorted(pictures(made(**logos))[0]) == [(60, 30), (90, 90)]
    wide = made(shipper=Party("Zarqa", logo=png(900, 90)), courier=Party("S", logo=png(900, 90)))
    assert set(margins(wide)) == {255}
    assert "Zarqa" in text(wide)
    mark = darkest(shown(plain), 42, 44, 72, 74)
    assert mark < 160
    assert darkest(shown(made(courier=Party("S", logo=png(90, 90)))), 50, 50, 60, 60) < 10


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_the_qr_opens_the_thing_itself(dpi: float) -> None:
    image = shown(made(parcels(3)), dpi=dpi)
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [LINK]
    without_grey = image.point(lambda value: 255 if value >= 128 else 0)
    assert [found.text for found in zxingcpp.read_barcodes(without_grey)] == [LINK]


def test_without_a_link_there_is_no_qr() -> None:
    assert zxingcpp.read_barcodes(shown(made(link=""))) == []


def test_a_table_has_its_header_on_every_page_and_every_row_once() -> None:
    pages = texts(made(parcels(150)))
    assert len(pages) >= 4
    for page in pages:
        assert page.count("# CN Consignee COD") == 1
    together = " ".join(pages)
    assert re.findall(r"IC\d{9}", together) == [f"IC{n:09d}" for n in range(1, 151)]
    assert together.count("150 parcels") == 1


def test_rows_to_write_on_have_room_for_a_hand() -> None:
    plain = parcels(30)
    written = Table("", plain.columns, plain.rows, written=True)
    assert len(texts(made(plain))) == 1 < len(texts(made(written)))


@pytest.mark.parametrize("rows", range(26, 36))
def test_where_people_sign_is_never_torn_between_pages(rows: int) -> None:
    pages = texts(made(parcels(rows), Signing(("Shipper", "Rider"), ("Counted", "Signature"))))
    found = [[page.count(word) for word in ("Shipper", "Rider", "Counted", "Signature")] for page in pages]
    assert found in ([[1, 1, 2, 2]], [[0] * 4, [1, 1, 2, 2]])


def test_a_line_to_sign_on_is_drawn_beside_each_label() -> None:
    image = shown(made(Signing(("Shipper", "Rider"), ("Counted", "Signature")), link=""))
    lines = (150, 185, 290, 260)
    assert darkest(image, *lines) < 130
    assert darkest(image, *[edge + (269 if at % 2 == 0 else 0) for at, edge in enumerate(lines)]) < 130


def test_a_document_of_very_many_rows_is_set_elsewhere_whole_and_its_failure_is_told() -> None:
    pages = texts(made(parcels(600)))
    assert re.findall(r"IC\d{9}", " ".join(pages)) == [f"IC{n:09d}" for n in range(1, 601)]
    assert "Page 1 of" in pages[0]
    with pytest.raises(PressFailed):
        made(parcels(600), courier=Party("S", logo=b"\x89PNG\r\n\x1a\n"))


def test_a_table_of_nothing_is_its_header() -> None:
    assert "# CN Consignee COD" in text(made(Table("Parcels", parcels(1).columns, [])))


@pytest.mark.parametrize(
    "words",
    ["*Hina* _x_ #let $a$ `b` <l>", '#include "x" ~ -- @c // e', "]]] }}} #panic() </svg>&amp;", "#sys.inputs \\u{1F}"],
)
def test_texts_are_only_text(words: str) -> None:
    shown_as = text(made(Facts([[Section(words, [Fact(words, words)])]]), headline=words, foot=words))
    # A narrow column may break a text, but leaves nothing of it out.
    assert shown_as.replace(" ", "").count(words.replace(" ", "")) == 5


def test_controls_and_emoji_are_left_out() -> None:
    assert "Hina Yousaf" in text(made(headline="Hina\u202e\x07 \U0001f600 Yousaf"))


def test_urdu_letters_are_joined() -> None:
    """Letters kept apart by non-joiners run wider than the same letters joined."""
    word = "محمد شفیق"

    def width(value: str) -> int:
        block = Facts([[Section("", [Fact("Name", value)])]])
        image = shown(made(block, lead="", link="", link_says=""), dpi=144)
        row = image.crop((2 * 150, 2 * 180, 2 * 550, 2 * 206)).point(lambda grey: 255 if grey < 128 else 0)
        box = row.getbbox()
        assert box is not None
        return int(box[2] - box[0])

    assert width(word) < 0.85 * width("\u200c".join(word))


def test_each_line_of_an_urdu_text_begins_at_the_same_right_edge_in_an_english_paper() -> None:
    address = "مکان نمبر چودہ، گلی نمبر نو، محلہ اسلام پورہ، نزد جامع مسجد، دوسری منزل، لاہور پاکستان"
    one = Section("", [Fact("Address", address)])
    image = shown(made(Facts([[one], [one]]), lead="", link="", link_says=""), dpi=144)
    edges = []
    for top in (180, 193):
        line = image.crop((2 * 150, 2 * top, 2 * 300, 2 * (top + 12))).point(lambda grey: 255 if grey < 128 else 0)
        box = line.getbbox()
        assert box is not None
        edges.append(box[2])
    assert abs(edges[0] - edges[1]) <= 3


def test_a_document_in_urdu_begins_at_the_right() -> None:
    words = {"name": "لوڈ شیٹ", "headline": "عمران علی کے لیے پارسل", "lead": "کراچی", "link": "", "from_right": True}
    right, left = shown(made(**words)), shown(made(link=""))
    title = (42, 96, 200, 150)
    mirrored = (A4[0] - 200, 96, A4[0] - 42, 150)
    assert (darkest(left, *title) < 100, darkest(left, *mirrored)) == (True, 255)
    assert (darkest(right, *title), darkest(right, *mirrored) < 100) == (255, True)


def test_a_figure_before_urdu_words_stands_at_their_right() -> None:
    """A sign such as ± is no letter: it does not decide from which side a text is read."""
    from icargos.paper.sheet import is_urdu

    assert is_urdu("± 6 میٹر")
    assert not is_urdu("± 6 m, میٹر")


@pytest.mark.parametrize("letters", ["W", "A", "9", "Gulberg "])
def test_however_long_a_text_nothing_leaves_the_frame(letters: str) -> None:
    long = letters * (250 // len(letters))
    facts = Facts([[Section(long, [Fact(letters * 50, long)])], [Section("B", [Fact("B", long)])]])
    table = Table("T", [Column("A", 0), Column("B"), Column("C")], [("1", long, long)])
    paper = made(facts, table, framed(photo()), headline=long, lead=long, under=long, link_says=long)
    assert set(margins(paper)) == {255}


def test_pictures_are_shown_whole_and_no_larger_than_paper_needs() -> None:
    huge = photo(3600, 4800, quality=90, grain=1)
    assert len(huge) > 5_000_000
    paper = made(framed(huge, photo(400, 300), signature()))
    assert pictures(paper) == [[(600, 800), (400, 300), (600, 200)]]
    assert len(paper) < 450_000
    assert pictures(made(framed(photo(5000, 2)))) == [[(800, 1)]]


def test_a_picture_that_is_gone_or_torn_is_said_to_be() -> None:
    paper = made(framed(b"", b"\xff\xd8\xff torn", photo()[:5000], photo()))
    assert text(paper).count(GONE) == 3
    assert pictures(paper) == [[(900 * 800 // 1200, 800)]]


@pytest.mark.parametrize(("count", "widest"), [(1, 250), (2, 250), (3, 163), (4, 119), (5, 163)])
def test_up_to_four_pictures_stand_in_one_row_and_more_by_three(count: int, widest: float) -> None:
    with opened(made(framed(*[photo(1200, 300)] * count))) as pages:
        assert len(pages) == 1
        boxes = [one.get_bounds() for one in pages[0].get_objects(filter=[3], max_depth=9)]
    assert len(boxes) == count
    assert max(right - left for left, _b, right, _t in boxes) == pytest.approx(widest, abs=2)
    rows = {round(top) for _l, _b, _r, top in boxes}
    assert len(rows) == (1 if count <= 4 else 2)


def test_no_picture_is_torn_between_pages() -> None:
    many = framed(*[photo(300, 400)] * 14)
    with opened(made(parcels(20), many)) as pages:
        assert len(pages) > 1
        for page in pages:
            for one in page.get_objects(filter=[3], max_depth=9):
                _left, bottom, _right, top = one.get_bounds()
                assert bottom > 50
                assert top < A4[1] - 40
    assert sum(len(page) for page in pictures(made(parcels(20), many))) == 14


def test_a_screen_reader_is_told_title_language_and_what_pictures_show() -> None:
    paper = made(framed(photo()))
    assert b"/StructTreeRoot" in paper
    assert b"/Lang(en)" in paper.replace(b"/Lang (", b"/Lang(")
    with opened(paper) as pages:
        assert pages.get_metadata_dict()["Title"] == "Load sheet LS-2611-0087"
    assert b"Scan to open this load sheet." in paper
    assert b"/Alt(Photo 1)" in paper.replace(b"/Alt (", b"/Alt(")


def test_the_same_paper_makes_the_same_bytes() -> None:
    assert made(parcels(30), framed(photo())) == made(parcels(30), framed(photo()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "https://" + "x" * 143}, {"link": "https://é"}, {"courier": Party("S", logo=b"<svg/>")},
        {"shipper": Party("Z", logo=b"\xff\xd8\xff")}, {"blocks": [Table("T", [Column("A")], [("1", "2")])]},
        {"blocks": [Table("T", [Column("A"), Column("B")], [("1", "2")], ("3",))]},
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        document(**wrong)


def test_a_broken_logo_is_one_error_and_no_paper() -> None:
    with pytest.raises(PressFailed):
        made(courier=Party("S", logo=b"\x89PNG\r\n\x1a\n torn"))


def test_moments_and_lengths_are_said_in_the_tongue_of_the_reader() -> None:
    plain, other = Tongue(), Tongue({"nov": "نومبر", "Sat": "ہفتہ", "%(n)d m": "%(n)d میٹر"}.__getitem__)
    assert plain.moment(AT) == "Sat 21 Nov 2026, 14:12"
    assert plain.moment(AT, seconds=True) == "21 Nov 2026, 14:12:05"
    assert other.moment(AT) == "ہفتہ 21 نومبر 2026, 14:12"
    assert [plain.length(metres) for metres in (0.4, 85.2, 999, 1000, 2449)] == [
        "0 m",
        "85 m",
        "999 m",
        "1.0 km",
        "2.4 km",
    ]
    assert other.length(12) == "12 میٹر"


def test_a_paper_of_no_blocks_is_one_page() -> None:
    assert isinstance(document(), Document)
    with opened(made()) as pages:
        assert len(pages) == 1
