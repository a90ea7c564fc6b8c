"""How figures, phones, weights and moments are written for people. Pure text; the tags wrap it in HTML."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from icargos.kit.texts import gettext_noop

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SOURCE = {
    "scan": gettext_noop("scan"),
    "rider": gettext_noop("rider's phone"),
    "desk": gettext_noop("desk"),
    "form": gettext_noop("form"),
    "sheet": gettext_noop("sheet"),
    "api": gettext_noop("API"),
    "portal": gettext_noop("portal"),
    "admin": gettext_noop("administrator"),
    "system": gettext_noop("system"),
}


def amount(paisa: int, *, exact: bool = False) -> str:
    """Paisa as grouped rupees without the sign "Rs": whole rupees, half up, or to the paisa when ``exact``."""
    sign = "−" if paisa < 0 else ""
    if exact:
        return f"{sign}{abs(paisa) // 100:,}.{abs(paisa) % 100:02d}"
    return f"{sign}{(abs(paisa) + 50) // 100:,}"


def kilos(grams: int) -> str:
    """Grams as kilograms with no more decimals than needed, at least one: ``1.2 kg``, ``0.05 kg``."""
    whole, rest = divmod(grams, 1000)
    decimals = f"{rest:03d}".rstrip("0") or "0"
    return _("%(figure)s kg") % {"figure": f"{whole:,}.{decimals}"}


def ago(then: datetime, now: datetime) -> str:
    """How long since ``then``: seconds to hours as a distance, older than a day as a local date."""
    seconds = int((now - then).total_seconds())
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        return ngettext("%(n)d min ago", "%(n)d min ago", seconds // _MINUTE) % {"n": seconds // _MINUTE}
    if seconds < _DAY:
        return ngettext("%(n)d h ago", "%(n)d h ago", seconds // _HOUR) % {"n": seconds // _HOUR}
    return day(then)


def span(seconds: int) -> str:
    """A length of time, rounded to what a person would say: ``12 min``, ``3 h 5 min``, ``2 days``."""
    if seconds >= 2 * _DAY:
        days = round(seconds / _DAY)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": f"{days:,}"}
    hours, minutes = divmod(round(seconds / _MINUTE), 60)
    parts = [ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}] if hours else []
    parts += [_("%(n)d min") % {"n": minutes}] if minutes or not hours else []
    return " ".join(parts)


def day(moment: datetime) -> str:
    """The local day of a moment: ``22 Nov 2026``."""
    return local_day(timezone.localtime(moment).date())


def local_day(when: date) -> str:
    """A calendar day: ``22 Nov 2026``."""
    return dateformat.format(when, "j M Y")


def short_day(when: date) -> str:
    """A calendar day that is near: ``Mon 23 Nov``."""
    return dateformat.format(when, "D j M")


def day_and_time(moment: datetime) -> str:
    """The local day and time of a moment: ``Sat 21 Nov, 14:12``; with the year when it is not this one."""
    local = timezone.localtime(moment)
    pattern = _("D j M, H:i") if local.year == timezone.localtime().year else _("j M Y, H:i")
    return _worded(local.date(), pattern, get_language() or "").replace("H:i", f"{local:%H:%M}")


@lru_cache(maxsize=1024)
def _worded(when: date, pattern: str, language: str) -> str:
    """The day in words, with ``H:i`` where the time goes: lists tell many times of few days, and the words are slow."""
    return dateformat.format(when, pattern.replace("H:i", r"\H:\i"))


def source(code: str) -> str:
    """Where an event of a parcel was told from, in the reader's language; an unknown code as it is."""
    return _(_SOURCE[code]) if code in _SOURCE else code
