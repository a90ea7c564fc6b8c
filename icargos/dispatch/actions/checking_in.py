"""Manifests at their destination: each parcel out of the bags by scan; what is missing is named at the end."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Handover, Held, Move
from icargos.consignments.rules import Custody, Status
from icargos.dispatch import queries
from icargos.dispatch.actions.manifests import ManifestRefused, locked_manifest, write_items
from icargos.dispatch.actions.scanning import SOURCE, Scan, Scanned, Seen, answers, look, received_fact, scanned
from icargos.dispatch.events import ManifestArrived, ManifestChecked
from icargos.dispatch.models import Manifest, ManifestItem
from icargos.dispatch.rules import manifest as rules
from icargos.dispatch.rules.manifest import Found, ItemState, ManifestState
from icargos.dispatch.rules.scan import AGAIN, Decision, arrival
from icargos.ground import facts
from icargos.kit.actor import Actor
from icargos.kit.verdict import Verdict
from icargos.places import queries as places
from icargos.places.queries import Office


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One scan of a check-in and how its parcel stands on the manifest now: "" for a refused one."""

    scanned: Scanned
    state: str = ""


class Arrived(msgspec.Struct, frozen=True):
    """A finished check-in in figures."""

    received: int
    short: int
    excess: int
    misrouted: int


@transaction.atomic
def check_in(actor: Actor, number: str, scans: Sequence[Scan], *, now: datetime) -> list[Checked]:
    """Scan parcels of a manifest that has arrived; one answer for each scan, in their order.

    Listed ones are received. One that is not listed is in excess if it belongs here, which receives it too, and
    misrouted if it goes elsewhere. A refused scan changes nothing and stops no other, a replay changes nothing. Raises
    Forbidden without SCAN, NotFound for a manifest that is not on its way here, ManifestRefused for a finished one.
    """
    actor.require(Can.SCAN)
    manifest = locked_manifest(actor, number, at_origin=False)
    if manifest.state != ManifestState.DEPARTED:
        told = _("%(number)s is checked in. Use the arrival scan for what is found later.")
        raise ManifestRefused(told % {"number": manifest.number})
    here = queries.station(actor)
    seen = look(actor, scans, arrival, here=here)
    rows = ManifestItem.objects.filter(
        manifest=manifest, consignment_id__in=[one.parcel.id for one in seen if one.parcel]
    )
    items = {item.consignment_id: item for item in rows}
    ends = _ends(actor, seen)
    states = {item.consignment_id: ItemState(item.state) for item in items.values()}
    new: list[tuple[Held, ItemState]] = []
    moves: list[Move] = []
    lain: list[Handover] = []
    shown: list[Seen] = []
    for one in seen:
        parcel = one.parcel
        state = states.get(parcel.id) if parcel else None
        if parcel is None or one.replayed:
            shown.append(one)
            continue
        if state not in (None, ItemState.LISTED):
            shown.append(msgspec.structs.replace(one, decision=AGAIN, message=""))
            continue
        is_found = rules.found(parcel.status, one.decision, listed=state is ItemState.LISTED)
        if is_found.state is None:
            shown.append(one)
            continue
        states[parcel.id] = is_found.state
        if state is None:
            new.append((parcel, is_found.state))
        if is_found.to is not None:
            reason = "MR" if is_found.to is Status.MISROUTED else ""
            event = one.scan.source_event_id
            moves.append(scanned(parcel.cn, is_found.to, here, event, at=now, reason=reason))
        elif is_found.state is ItemState.MISROUTED:
            lain.append(_lies_here(parcel, here, one.scan.source_event_id, at=now))
        shown.append(_said(one, is_found, ends.get(parcel.id, "")))
    _keep(manifest, items, states, new, now=now)
    consignments.move(actor, moves, now=now)
    consignments.hand_over(actor, lain, now=now)
    _record(actor, manifest, shown, moves, here, now=now)
    return [
        Checked(scanned=said, state=states[one.parcel.id].value if one.parcel and one.parcel.id in states else "")
        for one, said in zip(shown, answers(actor, shown, Verdict.MOVED), strict=True)
    ]


@transaction.atomic
def finish_manifest(actor: Actor, number: str, *, short: bool = False, now: datetime) -> Arrived:
    """End the check-in. Parcels that were not found stop it, unless it is ended ``short`` of them.

    Those keep their status; they may go on another manifest, and a later arrival scan finds them. Finished again it
    gives the same figures. Raises Forbidden without SCAN, NotFound for a manifest that is not on its way here,
    ManifestRefused naming what is missing.
    """
    actor.require(Can.SCAN)
    manifest = locked_manifest(actor, number, at_origin=False)
    items = ManifestItem.objects.filter(manifest=manifest)
    if manifest.state == ManifestState.DEPARTED:
        missing = list(items.filter(state=ItemState.LISTED).order_by("seq").values_list("cn", flat=True))
        if missing and not short:
            told = _("Not found yet (%(n)d): %(cns)s. Scan them, or finish without them.")
            values = {"n": len(missing), "cns": ", ".join(missing[:5])}
            raise ManifestRefused(told % values, details={"missing": missing})
        items.filter(state=ItemState.LISTED).update(state=ItemState.SHORT.value, at=now)
        Manifest.objects.filter(id=manifest.id).update(
            state=ManifestState.ARRIVED.value, arrived_at=now, arrived_by=actor.name
        )
        _record_arrived(actor, manifest, now=now)
    counts = Counter(items.values_list("state", flat=True))
    return Arrived(
        *(counts[state] for state in (ItemState.RECEIVED, ItemState.SHORT, ItemState.EXCESS, ItemState.MISROUTED))
    )


def _ends(actor: Actor, seen: Sequence[Seen]) -> dict[int, str]:
    """The station at which each parcel's way ends, by the parcel's id."""
    index = places.city_index(actor)
    return {
        one.parcel.id: queries.station_code(
            index, one.parcel.origin_id if rules.goes_back(one.parcel.status) else one.parcel.destination_id
        )
        for one in seen
        if one.parcel is not None
    }


def _lies_here(parcel: Held, here: Office, event_id: str, *, at: datetime) -> Handover:
    """A parcel at a wrong station whose status says nothing of it."""
    return Handover(
        cn=parcel.cn,
        custody=Custody.WRONG_STATION,
        source=SOURCE,
        source_event_id=event_id,
        occurred_at=at,
        note="Found at a wrong station",
        station_id=here.id,
        city_id=here.city_id,
    )


def _said(one: Seen, is_found: Found, ends: str) -> Seen:
    """The scan with its sentence. What a listed parcel's arrival refuses is told, and the parcel is there."""
    message = one.message
    if is_found.state is ItemState.EXCESS:
        message = _(rules.NOT_LISTED)
    elif is_found.state is ItemState.MISROUTED:
        message = _(rules.AT_WRONG_STATION) % {"ends": ends}
    becomes = is_found.to or (one.parcel.status if one.parcel else None)
    return msgspec.structs.replace(one, decision=Decision(becomes), message=message)


def _keep(
    manifest: Manifest,
    items: dict[int, ManifestItem],
    states: dict[int, ItemState],
    new: Sequence[tuple[Held, ItemState]],
    *,
    now: datetime,
) -> None:
    """Write how the parcels stand. What another manifest lists lies here: it is short there, and off an open one."""
    found = [item.id for item in items.values() if states[item.consignment_id] != item.state]
    ManifestItem.objects.filter(id__in=found).update(state=ItemState.RECEIVED.value, at=now)
    ids = [parcel.id for parcel, _state in new]
    elsewhere = ManifestItem.objects.filter(consignment_id__in=ids, state=ItemState.LISTED)
    elsewhere.filter(manifest__state=ManifestState.DEPARTED).update(state=ItemState.SHORT.value, at=now)
    elsewhere.delete()
    write_items(manifest, [parcel for parcel, _state in new], [state for _parcel, state in new], now=now)


def _record(
    actor: Actor, manifest: Manifest, shown: Sequence[Seen], moves: Sequence[Move], here: Office, *, now: datetime
) -> None:
    came = {move.cn for move in moves if move.to is not Status.MISROUTED}
    parcels = {one.parcel.cn: one.parcel for one in shown if one.parcel is not None and one.decision.to is not None}
    facts.record(actor, [received_fact(parcels[cn], here, None) for cn in parcels if cn in came], now=now)
    if parcels:
        fact = ManifestChecked(shipper_id=None, subject_id=manifest.id, number=manifest.number, found=len(parcels))
        facts.record(actor, [fact], now=now)


def _record_arrived(actor: Actor, manifest: Manifest, *, now: datetime) -> None:
    """One fact for the courier with all parcels, and one for each shipper with its own."""
    counts: dict[int | None, Counter[str]] = {None: Counter()}
    rows = ManifestItem.objects.filter(manifest=manifest).order_by("shipper_id").values_list("shipper_id", "state")
    for shipper_id, state in rows:
        counts[None][state] += 1
        counts.setdefault(shipper_id, Counter())[state] += 1
    arrived = [
        ManifestArrived(
            shipper_id=shipper_id,
            subject_id=manifest.id,
            number=manifest.number,
            received=of[ItemState.RECEIVED],
            short=of[ItemState.SHORT],
            excess=of[ItemState.EXCESS],
            misrouted=of[ItemState.MISROUTED],
        )
        for shipper_id, of in counts.items()
    ]
    facts.record(actor, arrived, now=now)
