import re

import pytest
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext

from icargos.consignments.rules import FAMILY_LABEL, MEANING, Family, Status
from icargos.ui import statuses
from icargos.ui.templatetags.ui import icon

WORDS = {m.label for m in MEANING.values()} | {m.card for m in MEANING.values()} | set(FAMILY_LABEL.values())


def test_every_status_and_family_has_a_hue_an_icon_and_a_word() -> None:
    looks = [statuses.of_status(s) for s in Status] + [statuses.of_family(f) for f in Family]
    for look in looks:
        assert look.word
        assert "<svg" in icon(look.icon)


def test_statuses_of_one_hue_differ_by_icon_or_word() -> None:
    looks = [statuses.of_status(status) for status in Status]
    assert len({(look.hue, look.word) for look in looks}) == len(looks)
    assert len({(look.hue, look.icon) for look in looks}) == len(looks)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_of_the_rule_book_is_said_in_urdu(word: str) -> None:
    with translation.override("ur"):
        assert re.search("[\u0600-\u06ff]", gettext(word))


def test_a_chip_always_says_the_word_and_strikes_what_is_off() -> None:
    html = engines["django"].from_string("{% status code %}").render({"code": "cancelled"})
    assert "is-struck" in html
    assert "Cancelled" in html
    assert 'aria-hidden="true"' in html
