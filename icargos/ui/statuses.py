"""How each status and each family of statuses looks: hue, icon and the word a person reads.

The hue says the family at a glance, the icon tells members of one hue apart, and the word is always there, so that
nothing rests on colour alone.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Look:
    """``hue`` is one of new, move, last, done, warn, ret, bad; ``icon`` a name of ``icons.json``."""

    hue: str
    icon: str
    word: "StrPromise"
    struck: bool = False


STATUSES: dict[str, Look] = {
    "new_booked": Look("new", "circle-dashed", _("New Booked")),
    "ready_for_pickup": Look("new", "list-checks", _("Ready for Pickup")),
    "pickup_in_progress": Look("new", "calendar-clock", _("Pickup in Progress")),
    "picked_up": Look("move", "package-check", _("Picked Up")),
    "received_at_office": Look("move", "warehouse", _("Parcel Received at Office")),
    "in_transit": Look("move", "truck", _("In Transit")),
    "received_at_destination": Look("move", "building", _("Received at Destination")),
    "out_for_delivery": Look("last", "bike", _("Out for Delivery")),
    "delivered": Look("done", "check", _("Delivered")),
    "delivery_unsuccessful": Look("warn", "phone-missed", _("Delivery Unsuccessful")),
    "shipper_advice_pending": Look("warn", "message-alert", _("Shipper Advice")),
    "reattempt_requested": Look("last", "repeat", _("Re-attempt")),
    "on_hold": Look("warn", "pause", _("On Hold")),
    "hold_self_collection": Look("warn", "store", _("Hold for Self Collection")),
    "misrouted": Look("warn", "map-pin-x", _("Misrouted")),
    "return_confirmed": Look("ret", "undo", _("Return in Process")),
    "return_in_transit": Look("ret", "truck", _("Return in Transit")),
    "return_received_at_origin": Look("ret", "warehouse", _("Return Received at Origin")),
    "return_out_for_delivery": Look("ret", "bike", _("Return Out for Delivery")),
    "returned_to_shipper": Look("ret", "return", _("Returned to Shipper")),
    "cancelled": Look("new", "ban", _("Cancelled"), struck=True),
    "expired": Look("new", "clock", _("Expired"), struck=True),
    "lost": Look("bad", "package-x", _("Lost")),
    "damaged": Look("bad", "alert", _("Damaged")),
    "claim_in_process": Look("warn", "scale", _("Claim in Process")),
    "claim_settled": Look("new", "receipt", _("Claim Settled")),
}

FAMILIES: dict[str, Look] = {
    "booked": Look("new", "circle-dashed", _("New Booked")),
    "pickup": Look("move", "package-check", _("Picked Up")),
    "moving": Look("move", "truck", _("In Transit")),
    "out": Look("last", "bike", _("Out for Delivery")),
    "delivered": Look("done", "check", _("Delivered")),
    "attention": Look("warn", "phone-missed", _("Needs Attention")),
    "returns": Look("ret", "return", _("Returns")),
    "closed": Look("new", "ban", _("Closed")),
}
