"""Template tags and filters that every page may use; they are builtins, so no ``{% load %}`` is needed."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Protocol

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from icargos.accounts.rules import ROLE_LABEL
from icargos.kit.phone import display
from icargos.ui import charts, wording
from icargos.ui.statuses import Look, of_family, of_status

register = template.Library()


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def urdu(self) -> str: ...


_FLIPPED = frozenset({"arrow", "arrow-back", "chevron", "chevron-back", "undo"})


@cache
def _icons() -> dict[str, str]:
    """Icon name to the inside of its 24 x 24 SVG, from the file beside this package (Lucide, ISC licence)."""
    path = Path(__file__).resolve().parents[1] / "icons.json"
    icons: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return icons


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline icon; hidden from screen readers unless ``label`` gives it a name. KeyError for an unknown icon."""
    return _drawn(name, str(label))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str) -> SafeString:
    shape = mark_safe(_icons()[name])  # noqa: S308 - our own file
    css = "icon icon-flip" if name in _FLIPPED else "icon"
    if label:
        return format_html('<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, shape)
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, shape)


@register.simple_tag
def city_options(cities: Iterable[_Named]) -> SafeString:
    """The options of a datalist of cities, in one piece: node by node they take half of a booking form's time."""
    return mark_safe(  # noqa: S308 - escaped here
        "".join(f'<option value="{escape(city.name)}" label="{escape(city.urdu)}">' for city in cities)
    )


def _badge(look: Look) -> SafeString:
    css = f"status fam-{look.hue}" + (" is-struck" if look.struck else "")
    return format_html('<span class="{}">{}{}</span>', css, icon(look.icon), look.word)


@register.simple_tag
def status(code: str) -> SafeString:
    """The chip of a consignment's status code: hue, icon and word."""
    return _badge(of_status(code))


@register.filter
def role_word(role: str) -> str:
    """The word of a person's role."""
    return _(ROLE_LABEL[role])


@register.filter
def status_word(code: str) -> str:
    """The word of a status code."""
    return of_status(code).word


@register.filter
def status_hue(code: str) -> str:
    """The CSS class of a status code's hue, ``fam-move``."""
    return f"fam-{of_status(code).hue}"


@register.simple_tag
def status_icon(code: str) -> SafeString:
    """The icon of a status code alone."""
    return icon(of_status(code).icon)


@register.filter
def family_look(code: str) -> Look:
    """Hue, icon and word of a family of statuses (``booked`` ... ``closed``)."""
    return of_family(code)


@register.filter
def rupees(paisa: int | None) -> SafeString:
    """``275000`` as ``Rs 2,750`` kept on one line and left to right; nothing for None."""
    if paisa is None:
        return SafeString()
    return format_html('<bdi class="no-break">Rs {}</bdi>', wording.amount(paisa))


@register.filter
def exact(paisa: int | None) -> SafeString:
    """``275050`` as ``2,750.50``, for receipts; nothing for None."""
    return format_html("<bdi>{}</bdi>", wording.amount(paisa, exact=True)) if paisa is not None else SafeString()


@register.filter
def unsigned(paisa: int) -> int:
    """The amount without its sign, where the words beside it say which way it goes."""
    return abs(paisa)


@register.filter
def amount(paisa: int | None) -> str:
    """``275000`` as ``2,750``, for a figure that stands beside its own "Rs"."""
    return wording.amount(paisa) if paisa is not None else ""


@register.filter
def count(number: int) -> str:
    """A whole number with thousands grouped: ``12,482``."""
    return f"{number:,}"


@register.filter
def capped(number: int, most: int) -> SafeString:
    """A number that was counted no further than just over ``most``: ``486``, ``1,000+``."""
    return format_html("<bdi>{}</bdi>", count(number) if number <= most else f"{most:,}+")


@register.filter
def percent(part: int, whole: int) -> SafeString:
    """``part`` of ``whole`` with one decimal, ``63.4%``; ``0%`` when there is nothing to share."""
    return format_html("<bdi>{}</bdi>", f"{100 * part / whole:.1f}%" if whole else "0%")


@register.filter
@stringfilter
def phone(number: str) -> SafeString:
    """``+923001234567`` as ``0300-1234567``, isolated so that it keeps its order in Urdu text."""
    return format_html("<bdi>{}</bdi>", display(number)) if number else SafeString()


@register.filter
def kilos(grams: int) -> SafeString:
    """``1200`` as ``1.2 kg``."""
    return format_html('<bdi class="no-break">{}</bdi>', wording.kilos(grams))


@register.filter
@stringfilter
def cn(number: str) -> SafeString:
    """A tracking number in the mono face, kept left to right."""
    return format_html('<bdi class="mono">{}</bdi>', number)


@register.filter
@stringfilter
def cn_grouped(number: str) -> SafeString:
    """A tracking number in eye-sized groups, for reading aloud; copied, it is still one word."""
    groups = [number[:2], *[number[at : at + 4] for at in range(2, len(number), 4)]]
    spans = format_html_join("", "<i>{}</i>", ((group,) for group in groups))
    return format_html('<bdi class="mono cn-groups">{}</bdi>', spans)


@register.filter
def day(when: datetime | date | None) -> SafeString:
    """``22 Nov 2026`` in local time."""
    if when is None:
        return SafeString()
    text = wording.day(when) if isinstance(when, datetime) else wording.local_day(when)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), text)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """``Sat 21 Nov, 14:12`` in local time."""
    if at is None:
        return SafeString()
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), wording.day_and_time(at))


@register.filter
def ago(at: datetime | None) -> SafeString:
    """``4 min ago``; the exact moment is the tooltip."""
    if at is None:
        return SafeString()
    text = wording.ago(at, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), wording.day_and_time(at), text)


@register.filter
@stringfilter
def initials(name: str) -> str:
    """First letters of the first and last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def ticks(name: str, options: list[dict[str, object]], kind: str = "checkbox") -> SafeString:
    """Labelled ticks, or radios, of one field: ``options`` hold value, label and whether each is ticked."""
    css = ' class="checkbox"' if kind == "checkbox" else ""
    made = (
        f'<label class="tick"><input type="{kind}"{css} name="{name}" value="{escape(str(one["value"]))}"'
        f"{' checked' if one['ticked'] else ''}><span><bdi>{escape(str(one['label']))}</bdi></span></label>"
        for one in options
    )
    return mark_safe("".join(made))  # noqa: S308 - escaped above


@register.inclusion_tag("ui/parts/meter.html")
def meter(part: int, whole: int) -> dict[str, object]:
    """A thin bar: ``part`` of ``whole``; it takes the hue of the element around it."""
    return {"width": round(100 * part / whole, 2) if whole else 0}


@register.inclusion_tag("ui/parts/share_bar.html")
def share_bar(part: int, whole: int) -> dict[str, object]:
    """A bar in a list of bars: ``part`` against the longest, ``whole``."""
    return {"width": round(100 * part / whole, 2) if whole else 0}


@register.simple_tag
def success(delivered: int, returned: int) -> SafeString:
    """Delivered of all that ended, delivered or returned: ``94.3%``."""
    return percent(delivered, delivered + returned)


@register.inclusion_tag("ui/parts/bars.html")
def bars(months: list[charts.Month]) -> dict[str, object]:
    """Columns of delivered and returned by month, wide and narrow, with a table behind for screen readers."""
    return {"months": months, "wide": charts.bars(months, 760, 258), "narrow": charts.bars(months[-6:], 340, 220)}


@register.inclusion_tag("ui/parts/donut.html")
def donut(slices: list[charts.Slice], caption: str) -> dict[str, object]:
    """A ring of shares with the list of figures beside it."""
    total = sum(s.count for s in slices)
    return {"arcs": charts.donut(slices), "total": total, "caption": caption}


@register.inclusion_tag("ui/parts/bound_field.html")
def bound_field(field: object, hint: str = "", link: str = "", link_text: str = "") -> dict[str, object]:
    """A form's field with label, control, hint and errors; ``link`` stands at the end of the label's line."""
    return {"field": field, "hint": hint, "link": link, "link_text": link_text}
