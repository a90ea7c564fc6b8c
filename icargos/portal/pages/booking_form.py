"""What the form of a booking shows, whether it books something new or changes what is booked."""

import re
import secrets
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

from icargos.booking import queries
from icargos.booking.queries import Preview, Terms
from icargos.booking.rules.changes import same_price
from icargos.booking.rules.columns import BY_KEY, COLUMNS
from icargos.booking.rules.order import Order
from icargos.booking.rules.problems import Code, Problem
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Record
from icargos.consignments.rules import WINDOWS
from icargos.consignments.rules.papers import PAPERS
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem
from icargos.kit.texts import gettext_noop
from icargos.portal.pages.consignment import shown_receipt
from icargos.tariff.rules import Receipt

_LONGEST = 1000
# The fields from the form's top to its end, as it calls them: what is wrong is told in this order and in these words.
_LABELS = {
    "profile": gettext_noop("Pickup profile"),
    "consignee_phone": gettext_noop("Phone"),
    "consignee_name": gettext_noop("Name"),
    "destination_city": gettext_noop("City"),
    "address": gettext_noop("Address"),
    "landmark": gettext_noop("Landmark"),
    "alt_phone": gettext_noop("Second phone"),
    "service": gettext_noop("Service"),
    "weight_kg": gettext_noop("Weight"),
    "pieces": gettext_noop("Pieces"),
    "length_cm": gettext_noop("Length in cm"),
    "width_cm": gettext_noop("Width in cm"),
    "height_cm": gettext_noop("Height in cm"),
    "piece_weights": gettext_noop("Weight of each piece"),
    "cod_amount": gettext_noop("COD amount"),
    "order_ref": gettext_noop("Order ref"),
    "product": gettext_noop("Product"),
    "documents": gettext_noop("Documents"),
}
_TYPING = re.compile(r"\+?[\d\s().-]{1,10}")
# Seldom used; a form that has one of them opens with all of them.
MORE = (
    "declared_value", "consignee_email", "remarks", "pickup_date", "delivery_window", "return_address",
)  # fmt: skip
# What a suggestion may fill in before it is taken, so that the price and the day are there at once.
_PEEKED = {"peek_city": "destination_city"}


class Booked(NamedTuple):
    """A parcel before its change: what was ordered, and the receipt it was charged by if the actor may see it."""

    order: Order
    receipt: Receipt | None


def typed(posted: QueryDict) -> dict[str, str]:
    """Every column of the form as text; an unticked box is an empty one."""
    values = {column.key: posted.get(column.key, "")[:_LONGEST] for column in COLUMNS}
    # Several boxes of one name.
    return values | {"signed_papers": ", ".join(posted.getlist("signed_papers"))[:_LONGEST]}


def peeked(posted: QueryDict) -> dict[str, str]:
    """The same for a quote: an empty city is the one of the suggestion that is looked at."""
    values = typed(posted)
    for name, key in _PEEKED.items():
        values[key] = values[key] or posted.get(name, "")[:_LONGEST]
    return values


def fields(
    actor: Actor,
    values: Mapping[str, str],
    *,
    now: datetime,
    key: str = "",
    problems: Sequence[FieldProblem] = (),
    fixed: Set[str] = frozenset(),
    own: str = "",
    on: Terms | None = None,
    booked: Booked | None = None,
) -> dict[str, Any]:
    """The context of ``portal/book_fields.html`` and of the quote beside it.

    ``fixed`` are the keys of the columns that can no longer be changed; ``own`` is the parcel that the form changes.
    """
    on = on or queries.terms(actor, now=now)
    values = dict(values)
    values["service"] = values.get("service") or on.account.default_service
    if on.default_profile:
        values["profile"] = values.get("profile") or on.default_profile.code
    first: dict[str, FieldProblem] = {}
    for problem in problems:
        first.setdefault(problem.field, problem)
    return {
        "v": values,
        "errors": {field: problem.message for field, problem in first.items()},
        "problems": [
            {"field": p.field, "title": title(p.field), "message": p.message, "suggestion": p.suggestion}
            for p in sorted(problems, key=_place)
        ],
        "fixed": dict.fromkeys(fixed, True),
        "once": key or secrets.token_urlsafe(16),
        "profiles": on.profiles,
        "services": [(code, _(label)) for code, label in on.services.items()],
        "cities": [city for city in on.index.all() if city.served],
        "products": consignments.recent_products(actor),
        "proofs": [("none", _("None")), ("signature", _("Signature")), ("photo", _("Photo")), ("code", _("Code"))],
        "windows": WINDOWS,
        "today": timezone.localdate(now).isoformat(),
        "many_pieces": values.get("pieces", "").strip() not in {"", "0", "1"} or "piece_weights" in first,
        "papers": [(code, _(label)) for code, label in PAPERS.items()],
        "papers_asked": {one.strip() for one in values.get("signed_papers", "").split(",")},
        "papers_open": bool(values.get("signed_papers")) or not {"signed_papers", "documents"}.isdisjoint(first),
        "documents": None,
        "more_open": any(values.get(name) or name in first for name in MORE),
        **quoted(actor, values, now=now, own=own, on=on, booked=booked),
    }


def quoted(
    actor: Actor,
    values: Mapping[str, str],
    *,
    now: datetime,
    own: str = "",
    on: Terms | None = None,
    booked: Booked | None = None,
) -> dict[str, Any]:
    """The context of ``portal/book_quote.html``; ``booked`` is what a form that changes a parcel began from."""
    on = on or queries.terms(actor, now=now)
    found = queries.preview(actor, values, now=now, own=own, on=on)
    receipt = found.receipt
    if booked is not None and found.order is not None and same_price(booked.order, found.order):
        receipt = booked.receipt
    return {
        "preview": found,
        "receipt": shown_receipt(receipt) if receipt else None,
        "was": shown_receipt(booked.receipt) if booked and booked.receipt else None,
        "priced": receipt,
        "codes": list(on.services),
        "days": {code: _day(day) for code, day in found.days.items()},
        "arrives": _day(found.arrives) if found.arrives else "",
        "pickup": _pickup(found, timezone.localdate(now)),
        "warnings": [*_own_warnings(found), *(_told(p) for p in found.problems if not _begun(p))],
    }


def title(key: str) -> str:
    """What the form calls the field, in the reader's language; else the column's title in a sheet."""
    if key in _LABELS:
        return _(_LABELS[key])
    return _(BY_KEY[key].title) if key in BY_KEY else key


def _place(problem: FieldProblem) -> int:
    order = list(_LABELS)
    return order.index(problem.field) if problem.field in _LABELS else len(order)


def _day(day: date) -> str:
    return dateformat.format(day, "D j M")


def _pickup(found: Preview, today: date) -> str:
    """When the parcel is collected, in one sentence; nothing without a profile."""
    if found.collected is None or found.cut_off is None:
        return ""
    if found.collected == today:
        return _("Pickup today if booked before %(at)s.") % {"at": f"{found.cut_off:%H:%M}"}
    return _("Pickup on %(day)s.") % {"day": _day(found.collected)}


def _own_warnings(found: Preview) -> list[dict[str, Any]]:
    """What would save money or a return, the dearest first."""
    warnings = []
    receipt, spared, record = found.receipt, found.saving, found.record
    if receipt is not None and spared is not None:
        size = " × ".join(str(side) for side in spared.sides)
        told = _("%(size)s cm. With the shortest side at most %(side)s cm it costs Rs %(saved)s less.")
        if spared.shortest_cm is None:
            told = _("%(size)s cm. In a smaller box it costs Rs %(saved)s less.")
        charged, actual = f"{receipt.charged_g / 1000:g}", f"{receipt.actual_g / 1000:g}"
        head = _("Charged by size: %(charged)s kg, not %(actual)s kg.") % {"charged": charged, "actual": actual}
        saved = told % {"size": size, "side": spared.shortest_cm, "saved": f"{spared.paisa / 100:,.0f}"}
        warnings.append({"title": head, "message": saved, "icon": "ruler", "severity": "warning"})
    if record is not None and record.returned:
        warnings.append(_returns(record, receipt))
    if found.twin:
        head = _("Booked already?")
        told = _("%(cn)s with the same COD went to this phone within the last day.") % {"cn": found.twin}
        warnings.append({"title": head, "message": told, "icon": "copy", "severity": "warning", "cn": found.twin})
    return warnings


def _returns(record: Record, receipt: Receipt | None) -> dict[str, Any]:
    head = _("%(n)s of %(of)s parcels to this phone came back.") % {"n": record.returned, "of": record.parcels}
    told = _("Call before you send.")
    if receipt is not None:
        cost = f"{-receipt.return_payable_paisa / 100:,.0f}"
        told = _("Call before you send: one that comes back costs Rs %(cost)s.") % {"cost": cost}
    return {"title": head, "message": told, "icon": "return", "severity": "warning"}


def _begun(problem: Problem) -> bool:
    """Whether this is a phone that is still being typed: nobody is told off for that."""
    return problem.code is Code.PHONE_INVALID and _TYPING.fullmatch(problem.value.strip()) is not None


def _told(problem: Problem) -> dict[str, Any]:
    message = problem.say(_)
    # What was mended is shown as it will be stored, beside its field too.
    repaired = problem.code is Code.PHONE_REPAIRED
    return {
        "title": title(problem.column),
        "message": message,
        "suggestion": "" if problem.suggestion in message or repaired else problem.suggestion,
        "icon": "phone" if repaired else "alert",
        "severity": problem.severity.value,
    }
