"""The parcel's status machine: every status, every legal move, every failure reason, in one place.

Pure tables: what a status means, where it may go, who may do what. The database holds a copy of MOVES and refuses too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from icargos.kit.texts import gettext_noop as _


class Status(StrEnum):
    """Where a consignment stands. The values are stable API codes."""

    NEW_BOOKED = "new_booked"
    READY_FOR_PICKUP = "ready_for_pickup"
    PICKUP_IN_PROGRESS = "pickup_in_progress"
    PICKED_UP = "picked_up"
    RECEIVED_AT_OFFICE = "received_at_office"
    IN_TRANSIT = "in_transit"
    RECEIVED_AT_DESTINATION = "received_at_destination"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    DELIVERY_UNSUCCESSFUL = "delivery_unsuccessful"
    SHIPPER_ADVICE_PENDING = "shipper_advice_pending"
    REATTEMPT_REQUESTED = "reattempt_requested"
    ON_HOLD = "on_hold"
    HOLD_SELF_COLLECTION = "hold_self_collection"
    MISROUTED = "misrouted"
    RETURN_CONFIRMED = "return_confirmed"
    RETURN_IN_TRANSIT = "return_in_transit"
    RETURN_RECEIVED_AT_ORIGIN = "return_received_at_origin"
    RETURN_OUT_FOR_DELIVERY = "return_out_for_delivery"
    RETURNED_TO_SHIPPER = "returned_to_shipper"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LOST = "lost"
    DAMAGED = "damaged"
    CLAIM_IN_PROCESS = "claim_in_process"
    CLAIM_SETTLED = "claim_settled"


class Family(StrEnum):
    """The eight groups of the dashboard's top row; a status belongs to exactly one."""

    BOOKED = "booked"
    PICKUP = "pickup"
    MOVING = "moving"
    OUT = "out"
    DELIVERED = "delivered"
    ATTENTION = "attention"
    RETURNS = "returns"
    CLOSED = "closed"


class Hue(StrEnum):
    """The colour family of a status chip."""

    NEW = "new"
    MOVE = "move"
    LAST = "last"
    DONE = "done"
    WARN = "warn"
    RET = "ret"
    BAD = "bad"
    OFF = "off"


class Custody(StrEnum):
    """Who holds the parcel while it has a status. Scans refine it."""

    SHIPPER = "shipper"
    RIDER = "rider"
    ORIGIN = "origin_station"
    LINE_HAUL = "line_haul"
    DESTINATION = "destination_station"
    STATION = "station"
    COUNTER = "station_counter"
    WRONG_STATION = "wrong_station"
    CONSIGNEE = "consignee"
    NOBODY = "nobody"


class Can(StrEnum):
    """What a shipper may do with a parcel in a given status."""

    EDIT = "edit"
    EDIT_LIMITED = "edit_limited"
    CANCEL = "cancel"
    ASK_TO_CANCEL = "ask_to_cancel"
    PRINT = "print"
    LOAD_SHEET = "load_sheet"
    INTERCEPT = "intercept"
    CHANGE_DELIVERY = "change_delivery"
    ADVISE = "advise"
    WITHDRAW = "withdraw"
    ASK_RETURN = "ask_return"
    SEE_PROOF = "see_proof"
    REBOOK = "rebook"
    CLAIM = "claim"
    ADD_DOCUMENTS = "add_documents"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one status means to people: its words, colours, holder and the shipper's rights."""

    label: str
    card: str
    family: Family
    hue: Hue
    custody: Custody
    shipper_may: frozenset[Can]


def _means(label: str, card: str, family: Family, hue: Hue, custody: Custody, *may: Can) -> Meaning:
    return Meaning(label, card or label, family, hue, custody, frozenset(may))


_S, _F, _H, _C = Status, Family, Hue, Custody

MEANING: Mapping[Status, Meaning] = MappingProxyType(
    {
        _S.NEW_BOOKED: _means(
            _("New Booked"), "", _F.BOOKED, _H.NEW, _C.SHIPPER, Can.EDIT, Can.CANCEL, Can.PRINT, Can.LOAD_SHEET
        ),
        # A torn label is replaced while the parcel is still in the shop, so printing lasts until the rider has it;
        # and a parcel that is ready may still be listed for him.
        _S.READY_FOR_PICKUP: _means(
            _("Ready for Pickup"),
            _("New Booked"),
            _F.BOOKED,
            _H.NEW,
            _C.SHIPPER,
            Can.EDIT_LIMITED,
            Can.CANCEL,
            Can.PRINT,
            Can.LOAD_SHEET,
        ),
        _S.PICKUP_IN_PROGRESS: _means(
            _("Pickup in Progress"), "", _F.PICKUP, _H.NEW, _C.SHIPPER, Can.CANCEL, Can.PRINT
        ),
        _S.PICKED_UP: _means(_("Picked Up"), "", _F.PICKUP, _H.MOVE, _C.RIDER, Can.ASK_TO_CANCEL),
        _S.RECEIVED_AT_OFFICE: _means(_("Parcel Received at Office"), "", _F.MOVING, _H.MOVE, _C.ORIGIN, Can.INTERCEPT),
        _S.IN_TRANSIT: _means(_("In Transit"), "", _F.MOVING, _H.MOVE, _C.LINE_HAUL, Can.INTERCEPT),
        _S.RECEIVED_AT_DESTINATION: _means(
            _("Received at Destination"),
            _("In Transit"),
            _F.MOVING,
            _H.MOVE,
            _C.DESTINATION,
            Can.INTERCEPT,
            Can.CHANGE_DELIVERY,
        ),
        _S.OUT_FOR_DELIVERY: _means(_("Out for Delivery"), "", _F.OUT, _H.LAST, _C.RIDER),
        _S.DELIVERED: _means(_("Delivered"), "", _F.DELIVERED, _H.DONE, _C.CONSIGNEE, Can.SEE_PROOF),
        _S.DELIVERY_UNSUCCESSFUL: _means(
            _("Delivery Unsuccessful"), _("Undelivered"), _F.ATTENTION, _H.WARN, _C.RIDER, Can.ADVISE
        ),
        _S.SHIPPER_ADVICE_PENDING: _means(_("Shipper Advice"), "", _F.ATTENTION, _H.WARN, _C.DESTINATION, Can.ADVISE),
        _S.REATTEMPT_REQUESTED: _means(_("Re-attempt"), "", _F.ATTENTION, _H.LAST, _C.DESTINATION, Can.WITHDRAW),
        _S.ON_HOLD: _means(_("On Hold"), "", _F.ATTENTION, _H.WARN, _C.STATION, Can.ADVISE),
        _S.HOLD_SELF_COLLECTION: _means(
            _("Hold for Self Collection"), _("On Hold"), _F.ATTENTION, _H.WARN, _C.COUNTER, Can.ASK_RETURN
        ),
        _S.MISROUTED: _means(_("Misrouted"), _("In Transit"), _F.MOVING, _H.MOVE, _C.WRONG_STATION),
        _S.RETURN_CONFIRMED: _means(_("Return in Process"), "", _F.RETURNS, _H.RET, _C.DESTINATION, Can.WITHDRAW),
        _S.RETURN_IN_TRANSIT: _means(_("Return in Transit"), "", _F.RETURNS, _H.RET, _C.LINE_HAUL),
        _S.RETURN_RECEIVED_AT_ORIGIN: _means(
            _("Return Received at Origin"), _("Return in Transit"), _F.RETURNS, _H.RET, _C.ORIGIN
        ),
        _S.RETURN_OUT_FOR_DELIVERY: _means(
            _("Return Out for Delivery"), _("Return in Transit"), _F.RETURNS, _H.RET, _C.RIDER
        ),
        _S.RETURNED_TO_SHIPPER: _means(_("Returned to Shipper"), "", _F.RETURNS, _H.RET, _C.SHIPPER, Can.CLAIM),
        _S.CANCELLED: _means(_("Cancelled"), "", _F.CLOSED, _H.OFF, _C.SHIPPER, Can.REBOOK),
        _S.EXPIRED: _means(_("Expired"), _("Cancelled"), _F.CLOSED, _H.OFF, _C.SHIPPER, Can.REBOOK),
        _S.LOST: _means(_("Lost"), _("Claim / Lost"), _F.CLOSED, _H.BAD, _C.NOBODY, Can.CLAIM),
        _S.DAMAGED: _means(_("Damaged"), _("Claim / Lost"), _F.CLOSED, _H.BAD, _C.STATION, Can.CLAIM),
        _S.CLAIM_IN_PROCESS: _means(
            _("Claim in Process"), _("Claim / Lost"), _F.CLOSED, _H.WARN, _C.NOBODY, Can.ADD_DOCUMENTS
        ),
        _S.CLAIM_SETTLED: _means(_("Claim Settled"), _("Claim / Lost"), _F.CLOSED, _H.DONE, _C.NOBODY),
    }
)

LABEL: Mapping[Status, str] = MappingProxyType({s: m.label for s, m in MEANING.items()})
CARD: Mapping[Status, str] = MappingProxyType({s: m.card for s, m in MEANING.items()})
FAMILY: Mapping[Status, Family] = MappingProxyType({s: m.family for s, m in MEANING.items()})
HUE: Mapping[Status, Hue] = MappingProxyType({s: m.hue for s, m in MEANING.items()})
CUSTODY: Mapping[Status, Custody] = MappingProxyType({s: m.custody for s, m in MEANING.items()})
SHIPPER_MAY: Mapping[Status, frozenset[Can]] = MappingProxyType({s: m.shipper_may for s, m in MEANING.items()})

FAMILY_LABEL: Mapping[Family, str] = MappingProxyType(
    {
        Family.BOOKED: _("New Booked"),
        Family.PICKUP: _("Pickup"),
        Family.MOVING: _("In Transit"),
        Family.OUT: _("Out for Delivery"),
        Family.DELIVERED: _("Delivered"),
        Family.ATTENTION: _("Needs Attention"),
        Family.RETURNS: _("Returns"),
        Family.CLOSED: _("Cancelled / Claims"),
    }
)
STATUSES_OF: Mapping[Family, tuple[Status, ...]] = MappingProxyType(
    {family: tuple(s for s in Status if FAMILY[s] is family) for family in Family}
)


def _to(text: str) -> frozenset[Status]:
    return frozenset(Status(code) for code in text.split())


# Every status has a row. The database trigger is generated from this table.
MOVES: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        _S.NEW_BOOKED: _to("ready_for_pickup pickup_in_progress picked_up received_at_office cancelled expired"),
        _S.READY_FOR_PICKUP: _to("new_booked pickup_in_progress picked_up received_at_office cancelled expired"),
        _S.PICKUP_IN_PROGRESS: _to("picked_up ready_for_pickup received_at_office cancelled"),
        _S.PICKED_UP: _to("received_at_office out_for_delivery cancelled lost damaged"),
        _S.RECEIVED_AT_OFFICE: _to(
            "in_transit out_for_delivery received_at_destination on_hold misrouted return_confirmed lost damaged"
        ),
        _S.IN_TRANSIT: _to("received_at_destination in_transit misrouted on_hold return_confirmed lost damaged"),
        _S.RECEIVED_AT_DESTINATION: _to(
            "out_for_delivery in_transit shipper_advice_pending reattempt_requested on_hold hold_self_collection"
            " misrouted return_confirmed lost damaged"
        ),
        _S.OUT_FOR_DELIVERY: _to(
            "delivered delivery_unsuccessful received_at_destination out_for_delivery lost damaged"
        ),
        _S.DELIVERED: _to("claim_in_process"),
        _S.DELIVERY_UNSUCCESSFUL: _to(
            "shipper_advice_pending reattempt_requested out_for_delivery on_hold hold_self_collection"
            " return_confirmed received_at_destination lost damaged"
        ),
        _S.SHIPPER_ADVICE_PENDING: _to(
            "reattempt_requested return_confirmed on_hold hold_self_collection out_for_delivery lost damaged"
        ),
        _S.REATTEMPT_REQUESTED: _to(
            "out_for_delivery delivery_unsuccessful return_confirmed on_hold hold_self_collection"
            " shipper_advice_pending lost damaged"
        ),
        _S.ON_HOLD: _to(
            "received_at_office received_at_destination in_transit out_for_delivery reattempt_requested"
            " shipper_advice_pending return_confirmed hold_self_collection lost damaged"
        ),
        _S.HOLD_SELF_COLLECTION: _to("delivered out_for_delivery reattempt_requested return_confirmed lost damaged"),
        _S.MISROUTED: _to("in_transit received_at_destination received_at_office return_confirmed lost damaged"),
        _S.RETURN_CONFIRMED: _to("return_in_transit return_received_at_origin reattempt_requested lost damaged"),
        _S.RETURN_IN_TRANSIT: _to("return_received_at_origin return_in_transit lost damaged"),
        _S.RETURN_RECEIVED_AT_ORIGIN: _to("return_out_for_delivery returned_to_shipper lost damaged"),
        _S.RETURN_OUT_FOR_DELIVERY: _to("returned_to_shipper return_received_at_origin lost damaged"),
        _S.RETURNED_TO_SHIPPER: _to("claim_in_process"),
        _S.CANCELLED: _to(""),
        _S.EXPIRED: _to(""),
        _S.LOST: _to("claim_in_process received_at_office received_at_destination return_received_at_origin"),
        _S.DAMAGED: _to("claim_in_process return_confirmed return_in_transit out_for_delivery delivered"),
        _S.CLAIM_IN_PROCESS: _to("claim_settled returned_to_shipper delivered"),
        _S.CLAIM_SETTLED: _to(""),
    }
)

FINAL: frozenset[Status] = _to("delivered returned_to_shipper cancelled expired claim_settled")


def is_final(status: Status) -> bool:
    """Whether only a claim, or an administrator's audited correction, leaves this status."""
    return status in FINAL


def may_move(a: Status, b: Status) -> bool:
    """Whether a consignment may go from ``a`` to ``b`` without a correction."""
    return b in MOVES[a]


@cache
def shortest(a: Status, b: Status) -> tuple[Status, ...]:
    """The fewest legal moves from ``a`` to ``b``; none for the same. Raises ValueError where no way is."""
    ways: dict[Status, tuple[Status, ...]] = {a: ()}
    ahead = [a]
    for here in ahead:
        for there in sorted(MOVES[here] - ways.keys()):
            ways[there] = (*ways[here], there)
            ahead.append(there)
    if b not in ways:
        raise ValueError(f"no way from {a} to {b}")
    return ways[b]


class CodState(StrEnum):
    """Where a parcel's cash on delivery stands: an axis of its own beside the status. Stable API codes."""

    NONE = "none"
    EXPECTED = "expected"
    COLLECTED = "collected"
    DEPOSITED = "deposited"
    PAYABLE = "payable"
    ON_STATEMENT = "on_statement"
    PAID = "paid"
    REVERTED = "reverted"
    ADJUSTED = "adjusted"
    WRITTEN_OFF = "written_off"


def _cod(text: str) -> frozenset[CodState]:
    return frozenset(CodState(code) for code in text.split())


# Forward as the money travels; back only where a posting is reversed. The database holds a copy and refuses the rest.
COD_MOVES: Mapping[CodState, frozenset[CodState]] = MappingProxyType(
    {
        CodState.NONE: _cod("expected"),
        CodState.EXPECTED: _cod("none collected written_off"),
        CodState.COLLECTED: _cod("deposited reverted adjusted written_off"),
        CodState.DEPOSITED: _cod("payable collected adjusted"),
        CodState.PAYABLE: _cod("on_statement deposited adjusted"),
        CodState.ON_STATEMENT: _cod("paid payable"),
        CodState.PAID: _cod("on_statement payable"),
        CodState.REVERTED: _cod("expected collected written_off"),
        CodState.ADJUSTED: _cod("payable on_statement written_off"),
        CodState.WRITTEN_OFF: _cod(""),
    }
)
# The courier has the money and owes it to the shipper: what "Pending COD" sums up.
COD_OWED: frozenset[CodState] = _cod("collected deposited payable on_statement")
COD_CAME: frozenset[CodState] = COD_OWED | _cod("paid adjusted")  # came in and was not taken back


# The parts of a day in which a shipper may wish for the delivery, local hours.
WINDOWS = ("09-12", "12-15", "15-18", "18-21")


class Silence(StrEnum):
    """What happens to a failed attempt when the shipper says nothing in time."""

    REATTEMPT = "reattempt"
    HOLD_24H = "hold_24h"
    HOLD = "hold"
    RETURN = "return"
    ON_DATE = "on_date"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a delivery attempt failed.

    ``counts`` says whether it is one of the attempts that lead to a return; ``needs`` names what the
    shipper must give with the advice; ``proof`` lists the alternatives of which the rider gives one
    (empty: none asked). A photo of the door satisfies every reason.
    """

    code: str
    label: str
    counts: bool
    needs: tuple[str, ...]
    when_silent: Silence
    proof: tuple[str, ...]


def _reason(code: str, label: str, counts: bool, needs: str, silence: Silence, proof: str) -> Reason:
    return Reason(code, label, counts, tuple(needs.split()), silence, tuple(proof.split()))


REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        reason.code: reason
        for reason in (
            _reason("CNA", _("Consignee not available"), True, "", Silence.REATTEMPT, "gps_photo two_calls"),
            _reason("CNR", _("Not answering / phone off"), True, "phone", Silence.REATTEMPT, "two_calls photo"),
            _reason("WCN", _("Wrong contact number"), True, "phone", Silence.HOLD_24H, "call photo"),
            _reason("ICA", _("Incomplete address"), True, "address landmark", Silence.HOLD_24H, "call photo"),
            _reason("UL", _("Address not located"), True, "address landmark", Silence.HOLD_24H, "gps_photo"),
            _reason("CA", _("Premises closed"), True, "hours", Silence.REATTEMPT, "photo"),
            _reason("NSC", _("No such consignee at address"), True, "address", Silence.RETURN, "photo"),
            _reason("SHF", _("Consignee shifted"), True, "address_same_city", Silence.RETURN, "photo"),
            _reason("RFD", _("Refused to receive"), True, "choice", Silence.RETURN, "consignee_code call"),
            _reason("CNY", _("Cash not ready"), True, "", Silence.REATTEMPT, ""),
            _reason("PI", _("Amount disputed"), True, "cod", Silence.HOLD, "label_photo"),
            _reason("ATO", _("Wants to open first"), True, "allow_open", Silence.HOLD, ""),
            _reason("FDR", _("Asked for a later date"), True, "date", Silence.ON_DATE, "consignee_link"),
            _reason("CDO", _("Says never ordered"), True, "confirm", Silence.RETURN, "call"),
            _reason("OTP", _("Delivery code not given"), True, "proof", Silence.REATTEMPT, ""),
            _reason("NSA", _("Outside service area"), False, "self_collect_or_return", Silence.RETURN, ""),
            _reason("EBA", _("Entry-banned area"), False, "self_collect_or_return", Silence.HOLD, ""),
            _reason("WX", _("Weather, strike, law and order"), False, "", Silence.REATTEMPT, ""),
            _reason("VB", _("Rider could not come (vehicle, time)"), False, "", Silence.REATTEMPT, ""),
            _reason("MR", _("Misrouted"), False, "", Silence.FORWARD, "scan"),
            _reason("DMG", _("Damaged"), False, "claim", Silence.HOLD, "photo"),
        )
    }
)

TAG_LENGTH = 24
MOST_TAGS = 50
