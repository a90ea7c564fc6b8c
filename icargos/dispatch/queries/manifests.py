"""Manifests as their two stations read them, and as a shipper reads those that its own parcel travels on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch.rules.manifest import read_number
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, NotFound
from icargos.places.queries import Office, station


class ManifestCard(msgspec.Struct, frozen=True, kw_only=True):
    """One manifest in a list. Pieces and weight, in grams, are those of the listed parcels, not of what was found."""

    id: int
    number: str
    origin_id: int
    origin: str
    destination_id: int
    destination: str
    vehicle: str
    driver: str
    route: str
    seal: str
    bags: int
    expected_at: datetime | None
    state: str
    opened_at: datetime
    departed_at: datetime | None
    departed_by: str
    arrived_at: datetime | None
    arrived_by: str
    parcels: int
    pieces: int
    weight_g: int
    awaited: int
    received: int
    short: int
    excess: int
    misrouted: int


class ManifestLine(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel on a manifest: the pieces and the weight it was listed with, in grams; ``goes_to`` is a city."""

    cn: str
    seq: int
    state: str
    at: datetime
    pieces: int
    weight_g: int
    goes_to: str
    shipper: str
    status: str


class ManifestSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One manifest with its lines, in their order; ``here`` is the reader's station."""

    card: ManifestCard
    here: Office
    lines: list[ManifestLine]

    @property
    def is_ours(self) -> bool:
        """Whether it leaves from the reader's station."""
        return self.card.origin_id == self.here.id


class ManifestBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A station's newest manifests, each way. What comes in is seen from its departure on."""

    station: Office
    outgoing: list[ManifestCard]
    incoming: list[ManifestCard]


class Travel(msgspec.Struct, frozen=True, kw_only=True):
    """One manifest that a parcel left with, or was found in, and nothing of what else is on it; cities, not stations.

    ``at`` is when the parcel was found at the other end, or found missing there, unless its ``state`` is listed.
    """

    number: str
    origin: str
    destination: str
    route: str
    vehicle: str
    expected_at: datetime | None
    departed_at: datetime
    state: str
    at: datetime


class ManifestNotSent(Conflict):
    """The paper of a manifest that is still being loaded."""

    code = "manifest_not_sent"


_CARD = """
SELECT m.id, m.number, m.origin_id, o.name, m.destination_id, d.name, m.vehicle, m.driver, m.route, m.seal, m.bags,
    m.expected_at, m.state, m.opened_at, m.departed_at, m.departed_by, m.arrived_at, m.arrived_by, i.parcels, i.pieces,
    i.weight_g, i.awaited, i.received, i.short, i.excess, i.misrouted
FROM dispatch_manifest m JOIN places_station o ON o.id = m.origin_id JOIN places_station d ON d.id = m.destination_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE listed) AS parcels, coalesce(sum(pieces) FILTER (WHERE listed), 0)::bigint AS pieces,
        coalesce(sum(weight_g) FILTER (WHERE listed), 0)::bigint AS weight_g,
        count(*) FILTER (WHERE state = 'listed') AS awaited, count(*) FILTER (WHERE state = 'received') AS received,
        count(*) FILTER (WHERE state = 'short') AS short, count(*) FILTER (WHERE state = 'excess') AS excess,
        count(*) FILTER (WHERE state = 'misrouted') AS misrouted
    FROM (SELECT *, state NOT IN ('excess', 'misrouted') AS listed FROM dispatch_manifestitem) k
    WHERE k.manifest_id = m.id) i
WHERE {where} ORDER BY m.id DESC LIMIT %s
"""
_FROM_HERE = "m.origin_id = %s AND m.state <> 'discarded'"
_COMES_HERE = "m.destination_id = %s AND m.state IN ('departed', 'arrived')"
_LINES = """
SELECT i.cn, i.seq, i.state, i.at, i.pieces, i.weight_g,
    CASE WHEN c.status IN ('return_confirmed', 'return_in_transit', 'return_received_at_origin') THEN o.name
        ELSE d.name END, s.name, c.status
FROM dispatch_manifestitem i JOIN consignments_consignment c ON c.id = i.consignment_id
JOIN accounts_shipper s ON s.id = i.shipper_id
JOIN places_city o ON o.id = c.origin_id JOIN places_city d ON d.id = c.destination_id
WHERE i.manifest_id = %s ORDER BY i.seq
"""
_TRAVELS = """
SELECT m.number, oc.name, dc.name, m.route, m.vehicle, m.expected_at, m.departed_at, i.state, i.at
FROM dispatch_manifestitem i JOIN dispatch_manifest m ON m.id = i.manifest_id
JOIN places_station o ON o.id = m.origin_id JOIN places_city oc ON oc.id = o.city_id
JOIN places_station d ON d.id = m.destination_id JOIN places_city dc ON dc.id = d.city_id
WHERE i.consignment_id = %s AND i.shipper_id = coalesce(%s::bigint, i.shipper_id) AND m.state <> 'open'
ORDER BY m.departed_at DESC, m.id DESC
"""
_TO_CHECK = "SELECT count(*) FROM dispatch_manifest WHERE destination_id = %s AND state = 'departed'"


def manifest_board(actor: Actor, *, most: int = 50) -> ManifestBoard:
    """The manifests from and to the actor's station, newest first. Needs SCAN; raises NotPosted."""
    actor.require(Can.SCAN)
    here = station(actor)
    return ManifestBoard(
        station=here,
        outgoing=_cards(_FROM_HERE, [here.id], most),
        incoming=_cards(_COMES_HERE, [here.id], most),
    )


def manifest(actor: Actor, number: str) -> ManifestSheet:
    """One manifest of the actor's station, whole. Needs SCAN.

    Raises NotFound, the same for unknown, discarded and other stations'; its destination learns of it when it has left.
    """
    actor.require(Can.SCAN)
    here = station(actor)
    where = f"m.number = %s AND ({_FROM_HERE} OR {_COMES_HERE})"
    cards = _cards(where, [read_number(number), here.id, here.id], 1)
    if not cards:
        raise NotFound(_("There is no such manifest at your station."))
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [cards[0].id])
        names = ManifestLine.__struct_fields__
        lines = [ManifestLine(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return ManifestSheet(card=cards[0], here=here, lines=lines)


def sent_manifest(actor: Actor, number: str) -> ManifestSheet:
    """One that has left, for its paper. Raises as ``manifest``, and ManifestNotSent while it is loaded."""
    sheet = manifest(actor, number)
    if sheet.card.state == "open":
        raise ManifestNotSent(
            _("%(number)s is still being loaded. Its paper is printed when it leaves.") % {"number": sheet.card.number}
        )
    return sheet


def manifests_to_check(actor: Actor) -> int:
    """How many manifests have left for the actor's station and are not checked in. Needs SCAN; raises NotPosted."""
    actor.require(Can.SCAN)
    with connection.cursor() as cursor:
        cursor.execute(_TO_CHECK, [station(actor).id])
        (n,) = cursor.fetchone()
    return int(n)


def travels(actor: Actor, consignment_id: int) -> list[Travel]:
    """The manifests that a parcel travels or travelled on, newest first; none for a parcel that is not the actor's."""
    tenant = None
    if not actor.may(Can.SEE_ALL_PARCELS):
        actor.require(Can.SEE_ORDERS)
        tenant = actor.tenant
    with connection.cursor() as cursor:
        cursor.execute(_TRAVELS, [consignment_id, tenant])
        names = Travel.__struct_fields__
        return [Travel(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _cards(where: str, values: Sequence[Any], most: int) -> list[ManifestCard]:
    with connection.cursor() as cursor:
        cursor.execute(_CARD.format(where=where), [*values, most])
        names = ManifestCard.__struct_fields__
        return [ManifestCard(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
