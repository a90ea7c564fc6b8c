"""Binding: pages in order, references intact, nothing foreign taken."""

import pypdfium2
import pytest

from icargos.paper.chunk import set_chunk
from icargos.paper.pdf import bind
from tests.paper.sample_labels import label


def test_bound_parts_keep_every_page_and_its_text() -> None:
    parts = [set_chunk([label(cn=f"IC0000{part}{page}005") for page in range(3)]) for part in range(4)]
    document = pypdfium2.PdfDocument(bind(parts))
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    assert len(texts) == 12
    for n, text in enumerate(texts):
        assert f"IC 0000 {n // 3}{n % 3}00 5" in text
        assert "Zarqa Textiles" in text
    document.close()


def test_a_text_that_looks_like_a_reference_is_left_alone() -> None:
    part = set_chunk([label(remarks="12 0 R", order_ref="3 0 R")])
    document = pypdfium2.PdfDocument(bind([part, part]))
    assert "12 0 R" in document[1].get_textpage().get_text_range()
    document.close()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"not a pdf", b"%PDF-1.7\nstartxref\n9\n%%EOF\n"])
def test_what_the_press_did_not_write_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="PDF"):
        bind([set_chunk([label()]), data])


def test_nothing_is_not_bound() -> None:
    with pytest.raises(ValueError, match="nothing"):
        bind([])
