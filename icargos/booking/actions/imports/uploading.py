"""A sheet comes in, and a person says which of its columns is which."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.imports.held import held
from icargos.booking.events import ImportUploaded
from icargos.booking.gateways.sheet import MAX_BYTES
from icargos.booking.models import HeaderMemory, Import
from icargos.booking.queries import reference
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.mapping import IN_GRAMS, LEFT_OUT, choose, chosen_twice, headers_key
from icargos.booking.rules.rows import RowChecker
from icargos.booking.rules.text import clean
from icargos.ground import blobs, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid

GONE = ("undoing", "undone", "merged")  # the same file sent again is a new import
_BUSY = {"booking", "undoing", "undone", "merged"}


def upload(actor: Actor, *, file_name: str, data: bytes, now: datetime) -> tuple[int, bool]:
    """Keep a sheet and have it checked. Returns the import's id and whether the same file was here before.

    Raises Invalid for an empty file or one over 25 MB; all else about the file is said after the check.
    """
    actor.require(Can.IMPORT)
    if not data:
        raise Invalid("This file is empty. Choose the sheet with your orders.")
    if len(data) > MAX_BYTES:
        raise Invalid("This file is larger than 25 MB. Split it and send the parts.")
    name = clean(Path(file_name.replace("\\", "/")).name)[-200:] or "sheet"
    found, new = Import.objects.exclude(state__in=GONE).get_or_create(
        shipper_id=actor.tenant,
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "file_name": name,
            "file_key": blobs.keep("imports", data, suffix=Path(name).suffix.lower()[:6]),
            "size": len(data),
            "state": "uploaded",
            "by_id": actor.user_id or 0,
            "by_name": actor.name,
            "at": now,
        },
    )
    if new:
        facts.record(actor, [ImportUploaded(shipper_id=actor.tenant, subject_id=found.id)], now=now)
    return found.id, not new


def recheck(actor: Actor, import_id: int, *, now: datetime) -> None:
    """Check the open rows again, as after a change of rate card or profiles.

    Raises Conflict when none is open, or during a booking.
    """
    actor.require(Can.IMPORT)
    found = _open(actor, import_id)
    if found.state == "booked" and not found.ready + found.warned + found.wrong:
        raise Conflict(_("Every row of this sheet is booked: nothing is left to check."))
    check_again(actor, found, now=now)


def choose_columns(
    actor: Actor,
    import_id: int,
    choices: Mapping[int, str],
    *,
    defaults: Mapping[str, str],
    remember: bool,
    now: datetime,
) -> None:
    """Say which column each header is, and one value for each column the sheet lacks; the sheet is checked by that.

    ``choices`` are 0-based places to a column's key, ``IN_GRAMS`` or ``LEFT_OUT``; ``remember`` keeps them for sheets
    with the same headers. Raises Invalid naming each field: a column chosen twice, one that is needed and missing, a
    value that no row could have; Conflict while the sheet is being booked.
    """
    actor.require(Can.IMPORT)
    found = _open(actor, import_id)
    headers: list[str] = found.mapping.get("headers", [])
    chosen = {
        place: choice if choice in BY_KEY or choice == IN_GRAMS else LEFT_OUT
        for place, choice in choices.items()
        if 0 <= place < len(headers)
    }
    problems = [
        FieldProblem(key, "TWICE", _("Two columns are “%(title)s”. Keep one.") % {"title": _(BY_KEY[key].title)})
        for key in chosen_twice(chosen)
    ]
    given = {key: text for key, value in defaults.items() if key in BY_KEY and (text := clean(value))}
    match = choose(match_headers(headers), chosen)
    checker = RowChecker(match, reference(actor, now=now), given)
    problems += [FieldProblem(one.column, one.code.value, one.say(_), one.suggestion) for one in checker.problems]
    if problems:
        raise Invalid(_("The columns are not complete yet."), problems=problems)
    given = {key: value for key, value in given.items() if key not in match.columns}
    kept = {str(place): choice for place, choice in chosen.items()}
    if remember:
        HeaderMemory.objects.update_or_create(
            shipper_id=actor.tenant,
            headers_key=headers_key(headers),
            defaults={"choices": kept, "defaults": given, "by_id": actor.user_id or 0, "at": now},
        )
    Import.objects.filter(id=found.id).update(choices=kept, defaults=given, confirmed=True, remembered=False)
    check_again(actor, found, now=now)


def check_again(actor: Actor, found: Import, *, now: datetime) -> None:
    """Let the worker check a sheet once more."""
    Import.objects.filter(id=found.id).update(state="uploaded", refusal="", refusal_params={})
    facts.record(actor, [ImportUploaded(shipper_id=actor.tenant, subject_id=found.id)], now=now)


def _open(actor: Actor, import_id: int) -> Import:
    found = held(actor, import_id)
    if found.state in _BUSY:
        raise Conflict(_("This sheet is being booked or was undone: nothing of it can be changed now."))
    return found
