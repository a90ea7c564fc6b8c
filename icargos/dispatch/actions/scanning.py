"""Scans at a station: what arrives, and what is sent on. One parcel or a thousand, in a fixed number of statements."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held, Move
from icargos.consignments.rules import LABEL, Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.events import ParcelReceived
from icargos.dispatch.models import Weighing
from icargos.dispatch.rules import scan as rules
from icargos.dispatch.rules.scan import Decision
from icargos.ground import facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor, Stamp
from icargos.kit.verdict import Verdict
from icargos.places import queries as places
from icargos.places.queries import Office

SOURCE = "scan"
_SCALE_G = range(10, 100_001)
# Whoever scans a parcel in without its manifest has checked it in all the same.
_FOUND = """
UPDATE dispatch_manifestitem i SET state = 'received', at = %s FROM dispatch_manifest m
WHERE m.id = i.manifest_id AND m.state = 'departed' AND m.destination_id = %s AND i.state = 'listed'
    AND i.consignment_id = ANY(%s)
"""


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One beep of the scanner: what it read, its own id made by the page, and the scale's grams where there is one."""

    cn: str
    source_event_id: str
    weight_g: int | None = None


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one scan. ``message`` is empty unless it was refused, or there is something to know."""

    cn: str
    verdict: Verdict
    message: str = ""
    status: str = ""
    sort_code: str = ""
    shipper: str = ""
    booked_weight_g: int = 0
    weight_differs: bool = False
    replayed: bool = False


class Seen(msgspec.Struct, frozen=True):
    """One scan with the parcel it found and what the rules say of it."""

    scan: Scan
    parcel: Held | None
    decision: Decision
    message: str
    replayed: bool


def receive(actor: Actor, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]:
    """Scan parcels in at the actor's station; one answer for each scan, in their order.

    A refused scan changes nothing and stops no other. Replays change nothing. A scale's reading is kept; it changes
    no charge by itself. What a manifest to this station lists is checked in by it. Raises Forbidden without SCAN,
    NotPosted, Invalid for a bad event id.
    """
    return _scan(actor, scans, rules.arrival, now=now, arrived=True)


def send(actor: Actor, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]:
    """Send parcels on from the actor's station, towards their destination or back; answers as ``receive`` does."""

    def decide(status: Status, custody: Custody, *, here: str, origin: str, destination: str) -> Decision:
        del custody
        return rules.departure(status, here=here, origin=origin, destination=destination)

    return _scan(actor, scans, decide, now=now, arrived=False)


@transaction.atomic
def _scan(
    actor: Actor, scans: Sequence[Scan], decide: Callable[..., Decision], *, now: datetime, arrived: bool
) -> list[Scanned]:
    actor.require(Can.SCAN)
    here = queries.station(actor)
    seen = look(actor, scans, decide, here=here)
    moves = [
        scanned(one.parcel.cn, one.decision.to, here, one.scan.source_event_id, at=now)
        for one in seen
        if one.parcel is not None and one.decision.to is not None
    ]
    consignments.move(actor, moves, now=now)
    if arrived:
        _weigh(actor, seen, here, now=now)
        received = [
            received_fact(one.parcel, here, one.scan.weight_g)
            for one in seen
            if one.parcel is not None and one.decision.to is not None
        ]
        with connection.cursor() as cursor:
            cursor.execute(_FOUND, [now, here.id, [fact.subject_id for fact in received]])
        facts.record(actor, received, now=now)
    return answers(actor, seen, Verdict.MOVED)


def scanned(cn: str, to: Status, here: Office, event_id: str, *, at: datetime, reason: str = "") -> Move:
    """The move of a parcel that was scanned at a station."""
    return Move(
        cn=cn,
        to=to,
        source=SOURCE,
        source_event_id=event_id,
        occurred_at=at,
        reason=reason,
        station_id=here.id,
        city_id=here.city_id,
    )


def received_fact(parcel: Held, here: Office, weight_g: int | None) -> ParcelReceived:
    """What the trail says of an arrival; grams where there was a scale."""
    return ParcelReceived(
        shipper_id=parcel.shipper_id, subject_id=parcel.id, cn=parcel.cn, station=here.code, weight_g=weight_g
    )


def weighing(parcel: Held, here: Office, grams: int, event_id: str, by: Stamp) -> Weighing:
    """A scale's reading, not yet written."""
    return Weighing(
        shipper_id=parcel.shipper_id,
        consignment_id=parcel.id,
        station_id=here.id,
        weight_g=grams,
        by_id=by.actor.user_id,
        at=by.at,
        source_event_id=event_id,
    )


def look(actor: Actor, scans: Sequence[Scan], decide: Callable[..., Decision], *, here: Office) -> list[Seen]:
    """Lock the scanned parcels and decide each scan. A second scan of the same parcel in one batch says nothing new."""
    for scan in scans:
        check_event_id(scan.source_event_id)
    index = places.city_index(actor)
    numbers = [cn_format.normalise(scan.cn) for scan in scans]
    held = consignments.lock(actor, numbers)
    known = consignments.known_events(held, [(SOURCE, scan.source_event_id) for scan in scans])
    taken: set[str] = set()
    seen = []
    for scan, number in zip(scans, numbers, strict=True):
        parcel = held.get(number)
        if parcel is None:
            told = _("There is no parcel %(cn)s. Check the label and type the number by hand.") % {"cn": number[:20]}
            seen.append(Seen(scan, None, Decision(), told, False))
            continue
        if scan.weight_g is not None and scan.weight_g not in _SCALE_G:
            told = _("The scale says %(grams)d g. Check the scale and scan again.") % {"grams": scan.weight_g}
            seen.append(Seen(scan, parcel, Decision(), told, False))
            continue
        replayed = (parcel.shipper_id, SOURCE, scan.source_event_id) in known
        origin = queries.station_code(index, parcel.origin_id)
        destination = queries.station_code(index, parcel.destination_id)
        decision = (
            rules.AGAIN
            if replayed or number in taken
            else decide(parcel.status, parcel.custody, here=here.code, origin=origin, destination=destination)
        )
        if decision.to is not None:
            taken.add(number)
        told = worded(decision, parcel, here=here.code, origin=origin, destination=destination)
        seen.append(Seen(scan, parcel, decision, told, replayed))
    return seen


def worded(decision: Decision, parcel: Held, *, here: str, origin: str, destination: str) -> str:
    """The decision's refusal in the reader's language; empty when there is none."""
    told = {"cn": parcel.cn, "here": here, "origin": origin, "destination": destination}
    return _(decision.refusal) % {**told, "status": _(LABEL[parcel.status])} if decision.refusal else ""


def answers(actor: Actor, seen: Iterable[Seen], done: Verdict, *, moves: bool = True) -> list[Scanned]:
    """What the page shows of each scan; without ``moves`` the parcel keeps its status for now."""
    seen = list(seen)
    names = accounts.shipper_names(actor, {one.parcel.shipper_id for one in seen if one.parcel})
    out = []
    for one in seen:
        parcel = one.parcel
        if parcel is None:
            out.append(Scanned(cn=cn_format.normalise(one.scan.cn)[:20], verdict=Verdict.REFUSED, message=one.message))
            continue
        weight = one.scan.weight_g
        verdict = done if one.decision.to else Verdict.AGAIN if one.decision.again else Verdict.REFUSED
        out.append(
            Scanned(
                cn=parcel.cn,
                verdict=verdict,
                message=one.message,
                status=((moves and one.decision.to) or parcel.status).value,
                sort_code=parcel.sort_code,
                shipper=names.get(parcel.shipper_id, ""),
                booked_weight_g=parcel.weight_g,
                weight_differs=weight is not None and rules.weight_differs(parcel.weight_g, weight),
                replayed=one.replayed,
            )
        )
    return out


def _weigh(actor: Actor, seen: Iterable[Seen], here: Office, *, now: datetime) -> None:
    Weighing.objects.bulk_create(
        [
            weighing(one.parcel, here, one.scan.weight_g, one.scan.source_event_id, Stamp(actor, now))
            for one in seen
            if one.parcel is not None and one.scan.weight_g is not None and not one.message
        ],
        ignore_conflicts=True,
    )
