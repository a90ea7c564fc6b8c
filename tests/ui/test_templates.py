"""What the page's Content-Security-Policy and the reading direction ask of every template and stylesheet."""

import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

HOUSE = Path(__file__).resolve().parents[2] / "icargos"
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
SHEETS = sorted((HOUSE / "ui" / "front" / "css").glob("*.css"))
ICONS = set(json.loads((HOUSE / "ui" / "icons.json").read_text()))


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path: Path) -> None:
    get_template(str(path).partition("/templates/")[2])


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style_script_or_handler(path: Path) -> None:
    text = re.sub(r"{%.*?%}", "", path.read_text())
    assert not re.search(r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|hx-on|javascript:|\"js:", text)
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text), "a trigger filter needs eval"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_what_opens_on_a_page_that_renews_itself_has_an_id(path: Path) -> None:
    text = path.read_text()
    if 'hx-swap="outerMorph"' in text:
        assert all(' id="' in tag for tag in re.findall(r"<details[^>]*>", text)), "it would close at each renewal"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_names_only_icons_that_exist(path: Path) -> None:
    text = path.read_text()
    used = set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'icon_name="([\w-]+)"', text))
    assert used <= ICONS


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_stylesheet_knows_no_left_and_right(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"(?:margin|padding|border)-(?:left|right|top|bottom)|text-align:\s*(?:left|right)", text)
    assert not re.search(r"(?m)^\s*(?:left|right|top|bottom|width|height)\s*:", text)
