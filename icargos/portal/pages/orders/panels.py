"""What the chips of the orders list open: the choices of each filter."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from icargos.consignments.rules import FAMILY_LABEL, LABEL, REASONS, STATUSES_OF, Family
from icargos.kit.actor import Actor
from icargos.portal.pages.orders.asked import Asked
from icargos.portal.pages.orders.words import COD, DAYS, SERVICES, SOURCES

_SHOWN = ("status", "date", "city", "cod")  # chips that are there before anything is chosen in them


def panels(actor: Actor, state: Asked) -> dict[str, Any]:
    """Choices by filter, as ``portal/orders_filters.html`` shows them; the rest stands together under "more"."""
    address = state.address
    ticked = {name: set(address.all(name)) for name in ("status", "service", "source", "profile", "reason", "tag")}
    return {
        "status": [
            {
                "label": _(FAMILY_LABEL[family]),
                "options": _options(((one.value, _(LABEL[one])) for one in STATUSES_OF[family]), ticked["status"]),
            }
            for family in Family
        ],
        "days": _options(
            ((code, str(label)) for code, label in DAYS.items()),
            {address.one("days")} if not address.one("from") and not address.one("to") else set(),
        ),
        "from": address.one("from") if address.day("from") else "",
        "to": address.one("to") if address.day("to") else "",
        "cities": [name for _id, name in state.cities],
        "cod": _options(((code, str(label)) for code, label in COD.items()), {address.one("cod")}),
        "more": [
            _group("reason", _("Rider outcome"), [(code, _(one.label)) for code, one in REASONS.items()], ticked),
            _group("service", _("Service"), [(code, _(label)) for code, label in SERVICES.items()], ticked),
            _group("source", _("Source"), [(code, str(label)) for code, label in SOURCES.items()], ticked),
            _group("profile", _("Pickup profile"), [(p.code, f"{p.name} ({p.code})") for p in state.profiles], ticked),
            _group("tag", _("Tag"), [(tag.name, tag.name) for tag in state.tags], ticked),
        ],
        "import": address.number("import") or "",
        "set": {chip.name: chip for chip in state.chips},
        "others": [chip for chip in state.chips if chip.name not in _SHOWN],
    }


def _group(name: str, label: str, options: Sequence[tuple[str, str]], ticked: dict[str, set[str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "options": _options(options, ticked[name])}


def _options(options: Iterable[tuple[str, str]], chosen: set[str]) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "ticked": value in chosen} for value, label in options]
