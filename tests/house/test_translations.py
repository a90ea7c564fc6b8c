"""Every text that a person reads has its Urdu: a page in two languages at once is a fault nobody else would find."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parents[2] / "icargos"
URDU = HOUSE / "ui" / "locale" / "ur" / "LC_MESSAGES" / "django.po"
MARKS = {"_", "gettext", "gettext_noop", "gettext_lazy", "ngettext"}
# Read in English alone: what the API answers, the sheet to fill, and what a rate card's publisher is told.
ENGLISH = {
    "accounts/queries.py", "booking/gateways/sample_sheet.py", "tariff/actions.py", "tariff/rules/card.py",
}  # fmt: skip
_ENTRY = re.compile(
    r'^msgid ((?:"(?:[^"\\]|\\.)*"\n?)+)(?:msgid_plural (?:"(?:[^"\\]|\\.)*"\n?)+)?msgstr', re.MULTILINE
)
_EMPTY = re.compile(r'msgstr(?:\[\d\])? ""\n(?!")')


def _marked(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            text = node.args[0]
            if name in MARKS and isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def _in_template(text: str) -> Iterator[str]:
    # What Django makes for its extractor: the calls stand on their lines, all else is blanked out.
    for call in re.findall(
        r'n?gettext\((?:[^()"]|u?"(?:[^"\\]|\\.)*"|u?\'(?:[^\'\\]|\\.)*\'|\(.*?\))*\)', templatize(text)
    ):
        yield from _marked(" ".join(call.split("\n")))


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted(HOUSE.rglob("*.py")):
        name = str(path.relative_to(HOUSE))
        if name not in ENGLISH:
            yield from ((name, text) for text in _marked(path.read_text()))
    for path in sorted(HOUSE.glob("*/templates/**/*.html")):
        yield from ((str(path.relative_to(HOUSE)), text) for text in _in_template(path.read_text()))


def _translated() -> set[str]:
    entries = [entry for entry in URDU.read_text().split("\n\n") if not _EMPTY.search(f"{entry}\n")]
    found = (_ENTRY.search(entry) for entry in entries)
    return {"".join(ast.literal_eval(f"({match[1]})")) for match in found if match}


def test_every_text_has_its_urdu() -> None:
    known = _translated()
    assert {"Sign in", "Overview"} <= known
    texts = list(_texts())
    assert len(texts) > 1000
    assert sorted({(where, text) for where, text in texts if text.strip() and text not in known}) == []


def test_a_text_without_urdu_is_found() -> None:
    page = '{% translate "Nobody said this" %}'
    page += "{% blocktranslate count n=n %}One so{% plural %}{{ n }} so{% endblocktranslate %}"
    assert list(_in_template(page)) == ["Nobody said this", "One so"]
    assert list(_marked('x = _("Nor this") % {"n": _(LABEL)}')) == ["Nor this"]
    assert "Nobody said this" not in _translated()
