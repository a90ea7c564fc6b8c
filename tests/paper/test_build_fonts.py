"""The fonts that are built: all of them, or none and a sentence that says what to run."""

from pathlib import Path

import pytest

from icargos.paper.build_fonts import build
from icargos.paper.faces import FACES, load_fonts, width_em


def test_a_missing_package_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    with pytest.raises(FileNotFoundError, match="npm ci"):
        build(tmp_path, target)
    assert not target.exists()


def test_only_the_label_s_own_fonts_are_used() -> None:
    assert {font.family for font in load_fonts().fonts()} == {
        "Geist", "Geist Ext", "Geist Mono", "Noto Sans Arabic", "Noto Nastaliq Urdu",
    }  # fmt: skip


@pytest.mark.parametrize("face", FACES)
def test_a_letter_no_font_has_is_not_thought_narrow(face: str) -> None:
    width, known = width_em(face, "王")
    assert width >= 1
    assert not known
