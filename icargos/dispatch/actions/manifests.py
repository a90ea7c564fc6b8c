"""Manifests: opened for another station, loaded by scan, sent off. What follows there is in ``checking_in``."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Held
from icargos.consignments.rules import Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.actions.scanning import Scan, Scanned, Seen, answers, look, scanned, worded
from icargos.dispatch.events import (
    ManifestDeparted,
    ManifestDescribed,
    ManifestDiscarded,
    ManifestLoaded,
    ManifestOpened,
)
from icargos.dispatch.models import Manifest, ManifestItem
from icargos.dispatch.rules import manifest as rules
from icargos.dispatch.rules import scan as scan_rules
from icargos.dispatch.rules.manifest import Details, ItemState, ManifestState
from icargos.dispatch.rules.scan import Decision
from icargos.ground import bulk, facts
from icargos.ground.event_ids import check_event_id
from icargos.kit import cn as cn_format
from icargos.kit import errors
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem, Invalid
from icargos.kit.verdict import Verdict
from icargos.places import queries as places


class ManifestRefused(errors.Conflict):
    """What was asked of a manifest does not fit its state."""

    code = "manifest_refused"


_NEXT_NUMBER = """
INSERT INTO dispatch_monthcount (month, n) VALUES (%s, 1)
ON CONFLICT (month) DO UPDATE SET n = dispatch_monthcount.n + 1 RETURNING n
"""
_PIECES = "SELECT id, pieces FROM consignments_consignment WHERE id = ANY(%s)"
_ITEM = {
    "shipper_id": "bigint",
    "consignment_id": "bigint",
    "cn": "text",
    "seq": "integer",
    "pieces": "smallint",
    "weight_g": "integer",
    "state": "text",
}


@transaction.atomic
def open_manifest(actor: Actor, destination_id: int, *, source_event_id: str, now: datetime) -> str:
    """Begin a manifest from the actor's station to another one; returns its number, for the same event id the same.

    Raises Forbidden without SCAN, NotPosted, NotFound for no station, ManifestRefused for the own one.
    """
    actor.require(Can.SCAN)
    check_event_id(source_event_id)
    here = queries.station(actor)
    there = next((office for office in places.stations(actor) if office.id == destination_id), None)
    if there is None:
        raise errors.NotFound(_("There is no such station. Choose one from the list."))
    if there.id == here.id:
        raise ManifestRefused(_("A manifest goes to another station."))
    made = Manifest.objects.filter(source_event_id=source_event_id, origin_id=here.id).first()
    if made is not None:
        return made.number
    month = timezone.localdate(now).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [month])
        (n,) = cursor.fetchone()
    manifest = Manifest.objects.create(
        number=rules.manifest_number(month, n),
        origin_id=here.id,
        destination_id=there.id,
        state=ManifestState.OPEN.value,
        opened_at=now,
        opened_by=actor.name,
        source_event_id=source_event_id,
    )
    fact = ManifestOpened(
        shipper_id=None,
        subject_id=manifest.id,
        number=manifest.number,
        origin=here.code,
        destination=there.code,
    )
    facts.record(actor, [fact], now=now)
    return manifest.number


@transaction.atomic
def describe_manifest(actor: Actor, number: str, details: Details, *, now: datetime) -> None:
    """Write down vehicle, driver, route, seal, bags and expected arrival; the same ones again change nothing.

    Raises Forbidden without SCAN, NotFound for another station's, ManifestRefused for one that left, Invalid naming
    what is too long, no count of bags or no time ahead.
    """
    actor.require(Can.SCAN)
    _describe(actor, open_one(actor, number), details, now=now)


@transaction.atomic
def add_to_manifest(actor: Actor, number: str, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]:
    """Put parcels on an open manifest by scan; one answer for each scan, in their order.

    A refused scan changes nothing and stops no other. A parcel is on one manifest at a time. Raises Forbidden without
    SCAN, NotFound for another station's, ManifestRefused for one that left or is full.
    """
    actor.require(Can.SCAN)
    manifest = open_one(actor, number)
    seen = _on_one(_bound_for(actor, manifest, scans), manifest)
    parcels = [one.parcel for one in seen if one.parcel is not None and one.decision.to is not None]
    items = ManifestItem.objects.filter(manifest=manifest)
    if items.count() + len(parcels) > rules.MOST_PARCELS:
        raise ManifestRefused(_("A manifest holds at most %(most)d parcels.") % {"most": rules.MOST_PARCELS})
    write_items(manifest, parcels, [ItemState.LISTED] * len(parcels), now=now)
    if parcels:
        _record_loaded(actor, manifest, now=now, added=len(parcels))
    return answers(actor, seen, Verdict.MOVED, moves=False)


@transaction.atomic
def take_off_manifest(actor: Actor, number: str, cns: Sequence[str], *, now: datetime) -> int:
    """Take parcels off an open manifest; returns how many were on it. Raises as ``add_to_manifest``."""
    actor.require(Can.SCAN)
    manifest = open_one(actor, number)
    on_it = ManifestItem.objects.filter(manifest=manifest, cn__in=[cn_format.normalise(cn) for cn in cns])
    gone, _rows = on_it.delete()
    if gone:
        _record_loaded(actor, manifest, now=now, removed=gone)
    return gone


@transaction.atomic
def discard_manifest(actor: Actor, number: str, *, now: datetime) -> None:
    """Throw an open manifest away; its parcels are free. A second time changes nothing.

    Raises Forbidden without SCAN, NotFound for another station's, ManifestRefused for one that left.
    """
    actor.require(Can.SCAN)
    gone = Manifest.objects.filter(number=rules.read_number(number), origin_id=queries.station(actor).id)
    if gone.filter(state=ManifestState.DISCARDED).exists():
        return
    manifest = open_one(actor, number)
    ManifestItem.objects.filter(manifest=manifest).delete()
    Manifest.objects.filter(id=manifest.id).update(state=ManifestState.DISCARDED.value)
    fact = ManifestDiscarded(shipper_id=None, subject_id=manifest.id, number=manifest.number)
    facts.record(actor, [fact], now=now)


@transaction.atomic
def send_manifest(actor: Actor, number: str, details: Details, *, now: datetime) -> None:
    """The vehicle leaves: the details are final and every parcel is In Transit, or on its way back; all or none.

    A second time changes nothing. Raises Forbidden without SCAN, NotFound for another station's, Invalid naming what
    must be known first, ManifestRefused for an empty one and for one with a parcel that may not travel any more.
    """
    actor.require(Can.SCAN)
    manifest = locked_manifest(actor, number, at_origin=True)
    if manifest.state != ManifestState.OPEN:
        return
    items = list(ManifestItem.objects.filter(manifest=manifest).order_by("seq"))
    if not items:
        raise ManifestRefused(_("%(number)s is empty. Scan parcels onto it first.") % {"number": manifest.number})
    _describe(actor, manifest, details, now=now, leaving=True)
    here = queries.station(actor)
    moves = []
    for item, (to, refusal) in zip(items, _leaving(actor, manifest, items), strict=True):
        if to is None:
            told = _("%(number)s cannot leave: %(why)s") % {"number": manifest.number, "why": refusal}
            raise ManifestRefused(told, details={"cn": item.cn})
        moves.append(scanned(item.cn, to, here, f"manifest:{item.id}:out", at=now))
    consignments.move(actor, moves, now=now)
    Manifest.objects.filter(id=manifest.id).update(
        state=ManifestState.DEPARTED.value, departed_at=now, departed_by=actor.name
    )
    fact = ManifestDeparted(
        shipper_id=None,
        subject_id=manifest.id,
        number=manifest.number,
        parcels=len(items),
        pieces=sum(item.pieces for item in items),
        weight_g=sum(item.weight_g for item in items),
    )
    facts.record(actor, [fact], now=now)


def locked_manifest(actor: Actor, number: str, *, at_origin: bool) -> Manifest:
    """The manifest that leaves the actor's station, or comes to it, locked.

    Raises NotFound, the same for unknown, discarded and another station's; its destination learns of it when it has
    left.
    """
    here = queries.station(actor)
    rows = Manifest.objects.select_for_update(of=("self",)).select_related("origin", "destination")
    end = {"origin_id": here.id} if at_origin else {"destination_id": here.id}
    rows = rows.exclude(state=ManifestState.DISCARDED)
    manifest = rows.filter(number=rules.read_number(number), **end).first()
    if manifest is None or (not at_origin and manifest.state == ManifestState.OPEN):
        raise errors.NotFound(_("There is no such manifest at your station."))
    return manifest


def open_one(actor: Actor, number: str) -> Manifest:
    """The open manifest of the actor's station, locked. Raises NotFound, ManifestRefused for one that left."""
    manifest = locked_manifest(actor, number, at_origin=True)
    if manifest.state != ManifestState.OPEN:
        raise ManifestRefused(_("%(number)s has left. Open a new manifest.") % {"number": manifest.number})
    return manifest


def write_items(manifest: Manifest, parcels: Sequence[Held], states: Sequence[ItemState], *, now: datetime) -> None:
    """Append these parcels to the manifest's list, each in its state, with the pieces and the weight of the booking."""
    if not parcels:
        return
    last = ManifestItem.objects.filter(manifest=manifest).aggregate(last=Max("seq"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute(_PIECES, [[parcel.id for parcel in parcels]])
        pieces = dict(cursor.fetchall())
    bulk.insert(
        "dispatch_manifestitem",
        _ITEM,
        [
            (parcel.shipper_id, parcel.id, parcel.cn, last + place, pieces[parcel.id], parcel.weight_g, state.value)
            for place, (parcel, state) in enumerate(zip(parcels, states, strict=True), start=1)
        ],
        same={"manifest_id": ("bigint", manifest.id), "at": ("timestamptz", now)},
    )


def _bound_for(actor: Actor, manifest: Manifest, scans: Sequence[Scan]) -> list[Seen]:
    """Each scan with what the rules say of its parcel on this manifest."""

    def decide(status: Status, custody: Custody, *, here: str, origin: str, destination: str) -> Decision:
        del custody
        return rules.boarding(
            status, here=here, there=manifest.destination.code, origin=origin, destination=destination
        )

    return look(actor, scans, decide, here=queries.station(actor))


def _on_one(seen: Sequence[Seen], manifest: Manifest) -> list[Seen]:
    """The same scans, refused where the parcel is on another manifest, and known where it is on this one."""
    ids = [one.parcel.id for one in seen if one.parcel is not None]
    listed = ManifestItem.objects.filter(consignment_id__in=ids, state=ItemState.LISTED).select_related("manifest")
    on = {item.consignment_id: item.manifest for item in listed}
    out = []
    for one in seen:
        other = on.get(one.parcel.id) if one.parcel else None
        if one.parcel is None or other is None:
            out.append(one)
        elif other.id == manifest.id:
            out.append(msgspec.structs.replace(one, decision=scan_rules.AGAIN, message=""))
        else:
            told = rules.ON_ANOTHER if other.state == ManifestState.OPEN else rules.ON_THE_WAY
            message = _(told) % {"cn": one.parcel.cn, "number": other.number}
            out.append(msgspec.structs.replace(one, decision=Decision(), message=message))
    return out


def _leaving(actor: Actor, manifest: Manifest, items: Sequence[ManifestItem]) -> list[tuple[Status | None, str]]:
    """What each parcel becomes when it leaves now, or the sentence that forbids it. Locks the parcels."""
    index = places.city_index(actor)
    held = consignments.lock(actor, [item.cn for item in items])
    here, there = manifest.origin.code, manifest.destination.code
    out = []
    for item in items:
        parcel = held[item.cn]
        origin = queries.station_code(index, parcel.origin_id)
        destination = queries.station_code(index, parcel.destination_id)
        decision = rules.boarding(parcel.status, here=here, there=there, origin=origin, destination=destination)
        out.append((decision.to, worded(decision, parcel, here=here, origin=origin, destination=destination)))
    return out


def _describe(actor: Actor, manifest: Manifest, details: Details, *, now: datetime, leaving: bool = False) -> None:
    details = msgspec.structs.replace(details, vehicle=rules.plate(details.vehicle))
    _refuse(rules.faults(details, now=now, leaving=leaving))
    given = msgspec.structs.asdict(details)
    if all(getattr(manifest, name) == value for name, value in given.items()):
        return
    Manifest.objects.filter(id=manifest.id).update(**given)
    fact = ManifestDescribed(shipper_id=None, subject_id=manifest.id, number=manifest.number, bags=details.bags)
    facts.record(actor, [fact], now=now)


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        said = [FieldProblem(one.field, one.code, _(one.message)) for one in problems]
        raise Invalid(said[0].message, problems=said)


def _record_loaded(actor: Actor, manifest: Manifest, *, now: datetime, added: int = 0, removed: int = 0) -> None:
    fact = ManifestLoaded(shipper_id=None, subject_id=manifest.id, number=manifest.number, added=added, removed=removed)
    facts.record(actor, [fact], now=now)
