"""Consignees go into the address book: typed into a form, out of a sheet, or with a booking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.gateways.sheet import read
from icargos.booking.queries import address_reference
from icargos.booking.queries.telling import told
from icargos.booking.rules.addresses import ADDRESS_COLUMNS, CheckedAddress, check_addresses
from icargos.booking.rules.columns import BY_KEY
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.problems import Problem, Severity
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.places import actions as places
from icargos.places.actions import Entry

MOST_ADDRESS_BYTES = 2 * 1024 * 1024
MOST_ADDRESS_ROWS = 5_000
_MOST_TOLD = 100


class AddressesRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a sheet came to: how many entries are new, how many are brought up to date, how many rows are wrong.

    ``problems`` are the errors of the wrong rows from top to bottom, the first hundred.
    """

    new: int
    known: int
    wrong: int
    problems: tuple[Problem, ...]


def keep_address(actor: Actor, values: Mapping[str, str], *, now: datetime, address_id: int | None = None) -> None:
    """Keep a consignee as it was typed, column keys to text; ``address_id`` names the entry that becomes so.

    Needs BOOK. Raises Invalid naming every column, NotFound for an entry that is not the actor's, Conflict when the
    phone and address are another entry's.
    """
    actor.require(Can.BOOK)
    (one,) = check_addresses([values], address_reference(actor))
    if one.values is None:
        wrong = [told(p, p.column) for p in one.problems if p.severity is Severity.ERROR]
        raise Invalid(wrong[0].message, problems=wrong)
    if address_id is None:
        places.keep_addresses(actor, [_entry(one)], now=now)
    else:
        places.change_address(actor, address_id, _entry(one), now=now)


@transaction.atomic
def read_addresses(actor: Actor, *, file_name: str, data: bytes, now: datetime) -> AddressesRead:
    """Keep the consignees of a sheet, in any of the formats and headers of a bulk sheet; wrong rows are left out.

    Needs IMPORT and BOOK. Raises SheetRefused for a file that is none, Invalid for one over 2 MB or 5,000 rows, and for
    one without the columns that an entry needs.
    """
    actor.require(Can.IMPORT)
    actor.require(Can.BOOK)
    if len(data) > MOST_ADDRESS_BYTES:
        raise Invalid(_("This file is larger than 2 MB. Split it and send the parts."))
    with NamedTemporaryFile() as kept:
        kept.write(data)
        kept.flush()
        sheet = read(Path(kept.name), file_name)
    if len(sheet.rows) > MOST_ADDRESS_ROWS:
        words = _("This sheet has more than %(most)s rows. Split it and send the parts.")
        raise Invalid(words % {"most": f"{MOST_ADDRESS_ROWS:,}"})
    columns = match_headers(sheet.headers).columns
    lacking = [BY_KEY[key].title for key in ADDRESS_COLUMNS if BY_KEY[key].required and key not in columns]
    if lacking:
        raise Invalid(_("The sheet lacks these columns: %(titles)s.") % {"titles": ", ".join(lacking)})
    rows = [{key: row[columns[key]] for key in ADDRESS_COLUMNS if key in columns} for row in sheet.rows]
    checked = check_addresses(rows, address_reference(actor), sheet.numbers)
    new, known = places.keep_addresses(actor, _entries(checked), now=now)
    wrong = [one for one in checked if one.values is None]
    problems = [p for one in wrong for p in one.problems if p.severity is Severity.ERROR]
    return AddressesRead(new=new, known=known, wrong=len(wrong), problems=tuple(problems[:_MOST_TOLD]))


def _entries(checked: Sequence[CheckedAddress]) -> list[Entry]:
    return [_entry(one) for one in checked if one.values is not None]


def _entry(one: CheckedAddress) -> Entry:
    assert one.values is not None
    values = dict(one.values)
    return msgspec.convert(
        {
            "name": values["consignee_name"],
            "phone": values["consignee_phone"],
            "address": values["address"],
            "city_id": values["destination_city"],
            "landmark": values["landmark"],
            "alt_phone": values["alt_phone"],
            "email": values["consignee_email"],
        },
        Entry,
    )
