"""The result of a check as its page shows it: sums, kinds of problem, and a control for each wrong cell."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from icargos.booking import queries
from icargos.booking.queries import Sheet, SheetRow
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.problems import Code, Problem
from icargos.booking.rules.reference import Duplicates
from icargos.booking.rules.totals import OPEN, Share, State
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.portal.pages.imports.words import KINDS, Choices, choices, control, letter
from icargos.tariff.rules import SERVICE_LABEL, Service

SIZE = 30  # every saved cell shows the page again, and its rows are most of that time
_MOST_CITIES = 12
# The columns of the table; a problem in any other gets its control beside the message.
SHOWN = ("order_ref", "consignee_name", "consignee_phone", "destination_city", "weight_kg", "cod_amount")
_SHOW: dict[str, frozenset[State]] = {
    "wrong": frozenset({State.WRONG}),
    "warned": frozenset({State.WARNED}),
    "ready": frozenset({State.READY, State.WARNED}),
    "booked": frozenset({State.BOOKED}),
    "undone": frozenset({State.UNDONE}),
}


def result(asked: Mapping[str, str], actor: Actor, found: Sheet) -> dict[str, Any]:
    """Everything that the page of a checked sheet shows besides its head; ``asked`` are the page's parameters."""
    sums = found.sums
    code = asked.get("code", "") if asked.get("code") in set(Code) else ""
    show = asked.get("show", "") if asked.get("show") in _SHOW else ""
    if not show and not code:
        show = _first_view(found)
    after = int(asked["after"]) if asked.get("after", "").isdecimal() and len(asked["after"]) < 10 else 0
    states = OPEN if code else _SHOW[show]
    rows = queries.rows(actor, found, states=states, code=code, after=after, size=SIZE + 1)
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    kept = {name: value for name, value in (("show", show), ("code", code)) if value}
    query = urlencode({**kept, **({"after": after} if after else {})})
    mends = found.state in {"checked", "booked"} and bool(code or show in {"wrong", "warned"})
    listed = choices(actor) if mends else None
    alike = queries.alike(actor, found, rows) if mends else {}
    lines = [_row(one, listed, alike) for one in rows]
    changes = queries.changes(actor, found, most=20)
    last = next((one for one in changes if not one.undone), None) if mends else None
    duplicates = {Code.DUP_EXISTING, Code.DUP_IN_FILE} & (sums.errors.keys() | sums.warnings.keys())
    return {
        "show": show,
        "code": code,
        "rows": lines,
        "mends": mends,
        "listed": listed,
        "query": query,
        "fix_url": f"{reverse('portal:import_fix', args=[found.id])}?{query}",
        "paste_url": f"{reverse('portal:import_paste', args=[found.id])}?{query}",
        "last": last,
        "undo_url": f"{reverse('portal:import_fix_undo', args=[found.id, last.id])}?{query}" if last else "",
        "next_url": f"?{urlencode({**kept, 'after': rows[-1].row})}" if more else "",
        "first_url": f"?{urlencode(kept)}" if after else "",
        "errors": _kinds(sums.errors, code),
        "warnings": _kinds(sums.warnings, code),
        "cells": sum(sums.errors.values()),
        "cod_rows": sums.cod_rows,
        "prepaid_rows": sums.whole.rows - sums.cod_rows,
        "services": _services(sums.services),
        "cities": _cities(actor, sums.cities),
        "more_cities": max(0, len(sums.cities) - _MOST_CITIES),
        "policies": _policies(found) if duplicates else [],
        "matched": _matched(found),
        "left_out": [one.header for one in found.understood if not one.choice],
        "given": [(_(BY_KEY[key].title), value) for key, value in found.defaults.items() if key in BY_KEY],
        "changes": changes,
        "orders_url": f"{reverse('portal:orders')}?{urlencode({'import': found.id})}",
        "prints": _prints(found),
    }


def _first_view(found: Sheet) -> str:
    if found.state == "undone":
        return "undone"
    if found.wrong:
        return "wrong"
    if found.state == "booked" and not found.bookable:
        return "booked"
    return "warned" if found.warned else "ready"


def _kinds(tally: Mapping[Code, int], chosen: str) -> list[dict[str, Any]]:
    found = sorted(tally.items(), key=lambda one: (-one[1], one[0].value))
    return [{"code": kind.value, "label": KINDS[kind], "n": n, "current": kind == chosen} for kind, n in found]


def _row(row: SheetRow, listed: Choices | None, alike: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
    worst: dict[str, str] = {}
    for problem in row.problems:
        if worst.get(problem.column) != "error":
            worst[problem.column] = problem.severity.value
    open_row = row.state in OPEN and listed is not None
    cells = []
    for key in SHOWN:
        text = row.cells.get(key, "")
        mark = {"error": "bad", "warning": "warn"}.get(worst.get(key, ""), "")
        cells.append(
            {
                "key": key,
                "title": _(BY_KEY[key].title),
                "text": _kept(key, text, wrong=key in worst),
                "mark": mark,
                "control": control(key, text, listed) if mark and open_row and listed is not None else None,
            }
        )
    told = [_told(problem, row, listed if open_row else None, alike) for problem in row.problems]
    given: set[str] = set()
    for one in told:  # two problems of one cell share its control
        if one["control"] is not None and one["key"] in given:
            one["control"] = None
        given.add(one["key"])
    return {
        "row": row.row,
        "state": row.state,
        "cn": row.cn,
        "updates": row.updates,
        "cells": cells,
        "told": told,
        "ask": next((one for one in told if one["suggestion"]), None) if open_row else None,
        "slipped": row.slipped and open_row,
        "edited": bool(row.edited),
    }


def _kept(key: str, text: str, *, wrong: bool) -> str:
    """A right cell as it will be kept, a wrong one as the sheet has it."""
    if key == "consignee_phone" and not wrong and text:
        try:
            return phone.read(text).display
        except phone.PhoneInvalid:
            return text
    return text


def _told(
    problem: Problem, row: SheetRow, listed: Choices | None, alike: Mapping[tuple[str, str, str], int]
) -> dict[str, Any]:
    key = problem.column
    column = BY_KEY.get(key)
    elsewhere = column is not None and key not in SHOWN
    message = problem.say(_)
    return {
        "key": key,
        "title": _(column.title) if column is not None and elsewhere else "",
        "value": problem.value if elsewhere and listed is None else "",
        "message": message,
        "suggestion": problem.suggestion,
        "in_message": problem.suggestion in message,
        "alike": alike.get((key, problem.value, problem.code.value), 1),
        "severity": problem.severity.value,
        "remembers": problem.code is Code.CITY_UNKNOWN,
        "control": control(key, row.cells.get(key, ""), listed) if elsewhere and listed is not None else None,
    }


def _services(shares: Mapping[str, Share]) -> list[dict[str, Any]]:
    return [
        {"label": _(SERVICE_LABEL[service]), "share": shares[service.value]}
        for service in Service
        if service.value in shares
    ]


def _cities(actor: Actor, shares: Mapping[str, Share]) -> list[dict[str, Any]]:
    names = queries.city_names(actor, [int(key) for key in shares])
    largest = sorted(shares.items(), key=lambda one: -one[1].rows)[:_MOST_CITIES]
    return [{"label": names.get(int(key), ""), "share": share} for key, share in largest]


def _policies(found: Sheet) -> list[dict[str, Any]]:
    labels = {
        Duplicates.REJECT: _("Leave them out"),
        Duplicates.BOOK: _("Book them all the same"),
        Duplicates.UPDATE: _("Change the earlier parcel, while its label is not printed"),
    }
    return [
        {"value": policy.value, "label": label, "current": policy == found.duplicates}
        for policy, label in labels.items()
    ]


def _matched(found: Sheet) -> list[dict[str, Any]]:
    places, headers = found.columns, found.headers
    lines = []
    for key, column in BY_KEY.items():
        place = places.get(key)
        if place is None and not column.required:
            continue
        lines.append(
            {
                "title": _(column.title),
                "header": headers[place] if place is not None else "",
                "letter": letter(place) if place is not None else "",
                "given": found.defaults.get(key, ""),
            }
        )
    return lines


def _prints(found: Sheet) -> list[dict[str, Any]]:
    """The buttons that print the import's labels: one for each thousand parcels; each posts its ``fields``."""
    most, parts = queries.MOST_LABELS, -(-found.booked // queries.MOST_LABELS)
    if parts <= 1:
        return [{"fields": [("import", found.id)], "label": _("Print labels")}] if parts else []
    told = _("Labels %(first)s–%(last)s")
    return [
        {
            "fields": [("import", found.id), ("part", part)],
            "label": told % {"first": f"{(part - 1) * most + 1:,}", "last": f"{min(part * most, found.booked):,}"},
        }
        for part in range(1, parts + 1)
    ]
