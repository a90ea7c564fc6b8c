from types import SimpleNamespace

import pytest
from django.template import engines

from icargos.ui.brand import _number


def rendered(source: str, **context: object) -> str:
    return str(engines["django"].from_string(source).render(context))


def test_figures_are_isolated_from_the_text_around_them() -> None:
    assert rendered("{{ p|rupees }}", p=275_000) == '<bdi class="no-break">Rs 2,750</bdi>'
    assert rendered("{{ p|exact }}", p=275_050) == "<bdi>2,750.50</bdi>"
    assert rendered("{{ n|phone }}", n="+923014417208") == "<bdi>0301-4417208</bdi>"
    assert rendered("{{ c|cn }}", c="IC473124829") == '<bdi class="mono">IC473124829</bdi>'


def test_what_is_not_there_is_shown_as_nothing() -> None:
    assert (
        rendered("{{ p|rupees }}{{ p|exact }}{{ p|amount }}{{ t|day }}{{ t|moment }}{{ t|ago }}", p=None, t=None) == ""
    )
    assert rendered("{{ n|phone }}", n="") == ""


def test_a_name_with_markup_is_shown_as_text() -> None:
    assert "<script>" not in rendered("{{ c|cn }}{{ n|phone }}", c="<script>", n="<script>")


def test_a_grouped_number_is_still_one_word_when_copied() -> None:
    html = rendered("{{ c|cn_grouped }}", c="IC473124829")
    assert "".join(part.split("<")[0] for part in html.split(">")) == "IC473124829"


def test_a_share_of_nothing_is_zero() -> None:
    assert rendered("{{ 5|percent:0 }} {{ 7908|percent:12482 }}") == "<bdi>0%</bdi> <bdi>63.4%</bdi>"
    assert 'width="0"' in rendered("{% meter 0 0 %}")


def test_initials_take_the_first_and_the_last_word() -> None:
    assert rendered("{{ n|initials }}", n="Ayesha Bibi Khan") == "AK"
    assert rendered("{{ n|initials }}", n="Dawood") == "D"
    assert rendered("{{ n|initials }}", n="") == ""


def test_no_setting_of_the_brand_can_break_the_stylesheet() -> None:
    assert _number("1}body{display:none", 0, 360, 184) == 184
    assert _number("nan", 0, 360, 184) == 184
    assert _number("200", 0, 360, 184) == 200


def test_the_options_of_cities_are_written_as_texts() -> None:
    cities = [SimpleNamespace(name='D.I. "Khan" & Co', urdu="ڈی آئی خان"), SimpleNamespace(name="Tank", urdu="")]
    assert rendered("{% city_options cities %}", cities=cities) == (
        '<option value="D.I. &quot;Khan&quot; &amp; Co" label="ڈی آئی خان"><option value="Tank" label="">'
    )


def test_an_icon_has_a_name_only_where_it_is_given_one() -> None:
    assert 'aria-hidden="true"' in rendered("{% icon 'check' %}")
    assert 'aria-label="A &lt;b&gt;"' in rendered("{% icon 'check' label %}", label="A <b>")
    assert "icon-flip" in rendered("{% icon 'arrow' %}")
    with pytest.raises(KeyError):
        rendered("{% icon 'no such' %}")
