"""The shipper's address book: consignees that were kept on purpose, by hand or from a sheet."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.ground import bulk, facts
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.places.events import AddressesMerged, AddressesRemoved, AddressesSaved
from icargos.places.models import Consignee
from icargos.places.rules import MOST_ADDRESSES


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A consignee to keep, as the checks of booking found it. Phones in E.164; the city is one we deliver to."""

    name: str
    phone: str
    address: str
    city_id: int
    landmark: str = ""
    alt_phone: str = ""
    email: str = ""


_COLUMNS = {
    "name": "text",
    "phone": "text",
    "address": "text",
    "city_id": "bigint",
    "landmark": "text",
    "alt_phone": "text",
    "email": "text",
}
_NEWER = ", ".join(f"{name} = excluded.{name}" for name in ("name", "city_id", "landmark", "alt_phone", "email", "at"))


@transaction.atomic
def keep_addresses(actor: Actor, entries: Sequence[Entry], *, now: datetime) -> tuple[int, int]:
    """Keep consignees; returns how many are new and how many were there and are brought up to date.

    One phone may have several addresses; the same phone and address is one entry, and of two in the list the later
    holds. Needs BOOK. Raises Conflict beyond MOST_ADDRESSES.
    """
    actor.require(Can.BOOK)
    once = {(entry.phone, entry.address): entry for entry in entries}
    if Consignee.objects.filter(shipper_id=actor.tenant).count() + len(once) > MOST_ADDRESSES:
        told = _("The address book holds up to %(most)s consignees. Delete some first.")
        raise Conflict(told % {"most": f"{MOST_ADDRESSES:,}"})
    written = bulk.insert(
        "places_consignee",
        _COLUMNS,
        [msgspec.structs.astuple(entry) for entry in once.values()],
        same={"shipper_id": ("bigint", actor.tenant), "at": ("timestamptz", now)},
        returning="xmax = 0",
        conflict=f"ON CONFLICT (shipper_id, phone, address) DO UPDATE SET {_NEWER}",
    )
    new = sum(1 for (fresh,) in written if fresh)
    if written:
        facts.record(actor, [AddressesSaved(shipper_id=actor.tenant, subject_id=actor.tenant, n=len(written))], now=now)
    return new, len(written) - new


@transaction.atomic
def change_address(actor: Actor, address_id: int, entry: Entry, *, now: datetime) -> None:
    """Make an entry what ``entry`` says. Needs BOOK.

    Raises NotFound for one that is not the actor's, Conflict when another entry has this phone and address already.
    """
    actor.require(Can.BOOK)
    mine = Consignee.objects.filter(shipper_id=actor.tenant)
    if not mine.filter(id=address_id).select_for_update().exists():
        raise _unknown()
    if mine.filter(phone=entry.phone, address=entry.address).exclude(id=address_id).exists():
        raise Conflict(_("This phone with this address is in the book already. Merge the two."))
    mine.filter(id=address_id).update(**msgspec.structs.asdict(entry), at=now)
    facts.record(actor, [AddressesSaved(shipper_id=actor.tenant, subject_id=actor.tenant, n=1)], now=now)


@transaction.atomic
def merge_addresses(actor: Actor, keep_id: int, others: Sequence[int], *, now: datetime) -> None:
    """Make one entry of several: ``keep_id`` stays and takes over what it lacks, the others are deleted for good.

    An empty second phone becomes the first other phone among them. Needs BOOK. Raises NotFound when one of them is not
    the actor's, Conflict when there is nothing to merge.
    """
    actor.require(Can.BOOK)
    wanted = dict.fromkeys([keep_id, *others])
    found = _held(actor, list(wanted))
    if len(found) < 2:
        raise Conflict(_("Tick at least two entries to merge."))
    kept = found.pop(keep_id)
    rest = [found[one] for one in wanted if one != keep_id]
    phones = [number for row in rest for number in (row.phone, row.alt_phone) if number not in ("", kept.phone)]
    taken = {
        "alt_phone": kept.alt_phone or next(iter(phones), ""),
        "email": kept.email or next((row.email for row in rest if row.email), ""),
        "landmark": kept.landmark or next((row.landmark for row in rest if row.landmark), ""),
    }
    Consignee.objects.filter(id=kept.id).update(**taken, at=now)
    Consignee.objects.filter(shipper_id=actor.tenant, id__in=[row.id for row in rest]).delete()
    fact = AddressesMerged(shipper_id=actor.tenant, subject_id=kept.id, n=len(rest))
    facts.record(actor, [fact], now=now)


@transaction.atomic
def remove_addresses(actor: Actor, ids: Sequence[int], *, now: datetime) -> int:
    """Delete entries for good; returns how many. Needs BOOK; raises NotFound when one of them is not the actor's."""
    actor.require(Can.BOOK)
    found = _held(actor, list(dict.fromkeys(ids)))
    Consignee.objects.filter(shipper_id=actor.tenant, id__in=list(found)).delete()
    if found:
        fact = AddressesRemoved(shipper_id=actor.tenant, subject_id=actor.tenant, n=len(found))
        facts.record(actor, [fact], now=now)
    return len(found)


def _held(actor: Actor, ids: Sequence[int]) -> dict[int, Consignee]:
    rows = Consignee.objects.select_for_update().filter(shipper_id=actor.tenant, id__in=ids).order_by("id")
    found = {row.id: row for row in rows}
    if len(found) != len(ids):
        raise _unknown()
    return found


def _unknown() -> NotFound:
    return NotFound(_("Some of these entries are not in your address book. Reload the page."))
