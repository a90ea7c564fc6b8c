"""How each status and each family of statuses looks: hue, icon and the word a person reads.

The hue says the family at a glance, the icon tells members of one hue apart, and the word is always there, so that
nothing rests on colour alone. Hues and words come from the rule book; only the icons are chosen here.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from icargos.consignments.rules import FAMILY_LABEL, MEANING, Family, Hue, Status

_ICON: dict[Status, str] = {
    Status.NEW_BOOKED: "circle-dashed",
    Status.READY_FOR_PICKUP: "list-checks",
    Status.PICKUP_IN_PROGRESS: "calendar-clock",
    Status.PICKED_UP: "package-check",
    Status.RECEIVED_AT_OFFICE: "warehouse",
    Status.IN_TRANSIT: "truck",
    Status.RECEIVED_AT_DESTINATION: "building",
    Status.OUT_FOR_DELIVERY: "bike",
    Status.DELIVERED: "check",
    Status.DELIVERY_UNSUCCESSFUL: "phone-missed",
    Status.SHIPPER_ADVICE_PENDING: "message-alert",
    Status.REATTEMPT_REQUESTED: "repeat",
    Status.ON_HOLD: "pause",
    Status.HOLD_SELF_COLLECTION: "store",
    Status.MISROUTED: "map-pin-x",
    Status.RETURN_CONFIRMED: "undo",
    Status.RETURN_IN_TRANSIT: "truck",
    Status.RETURN_RECEIVED_AT_ORIGIN: "warehouse",
    Status.RETURN_OUT_FOR_DELIVERY: "bike",
    Status.RETURNED_TO_SHIPPER: "return",
    Status.CANCELLED: "ban",
    Status.EXPIRED: "clock",
    Status.LOST: "package-x",
    Status.DAMAGED: "alert",
    Status.CLAIM_IN_PROCESS: "scale",
    Status.CLAIM_SETTLED: "receipt",
}
_FAMILY: dict[Family, tuple[Hue, str]] = {
    Family.BOOKED: (Hue.NEW, "circle-dashed"),
    Family.PICKUP: (Hue.MOVE, "package-check"),
    Family.MOVING: (Hue.MOVE, "truck"),
    Family.OUT: (Hue.LAST, "bike"),
    Family.DELIVERED: (Hue.DONE, "check"),
    Family.ATTENTION: (Hue.WARN, "phone-missed"),
    Family.RETURNS: (Hue.RET, "return"),
    Family.CLOSED: (Hue.OFF, "ban"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """``hue`` names the CSS class ``fam-HUE``; ``icon`` an entry of ``icons.json``; ``word`` is translated."""

    hue: str
    icon: str
    word: str
    struck: bool = False


def of_status(code: str) -> Look:
    """How a status code looks. ValueError for a code that the rule book does not know."""
    status = Status(code)
    meaning = MEANING[status]
    return Look(meaning.hue.value, _ICON[status], gettext(meaning.label), meaning.hue is Hue.OFF)


def of_family(code: str) -> Look:
    """How a family of statuses (``booked`` ... ``closed``) looks. ValueError for an unknown code."""
    family = Family(code)
    hue, icon = _FAMILY[family]
    return Look(hue.value, icon, gettext(FAMILY_LABEL[family]))
