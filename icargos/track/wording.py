"""What a consignee reads of each status: courier's terms put plainly, with what happens next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icargos.consignments.rules import Status

STEPS = (_("Booked"), _("Picked up"), _("In transit"), _("Out for delivery"), _("Delivered"))
STEPS_BACK = (_("Booked"), _("Picked up"), _("Return started"), _("On the way back"), _("Returned"))


@dataclass(frozen=True, slots=True)
class Words:
    """One status in plain words.

    ``headline`` is left out where the expected day says more; ``step`` is how many of the five steps are done, counted
    from 0, or None where the parcel is on no way; ``back`` when the steps are those of a return.
    """

    word: str | Promise
    line: str | Promise
    step: int | None
    headline: str | Promise = ""
    back: bool = False


_S = Status
WORDS: Mapping[Status, Words] = MappingProxyType(
    {
        _S.NEW_BOOKED: Words(_("Booked"), _("The sender has booked this parcel. We have not received it yet."), 0),
        _S.READY_FOR_PICKUP: Words(_("Ready for pickup"), _("The parcel is packed and waits for our rider."), 0),
        _S.PICKUP_IN_PROGRESS: Words(_("Being picked up"), _("Our rider is on the way to the sender."), 0),
        _S.PICKED_UP: Words(_("Picked up"), _("We have the parcel and take it to our office."), 1),
        _S.RECEIVED_AT_OFFICE: Words(_("At our office"), _("The parcel is being sorted in the city it comes from."), 1),
        _S.IN_TRANSIT: Words(_("In transit"), _("The parcel is on its way between our offices."), 2),
        _S.RECEIVED_AT_DESTINATION: Words(
            _("In your city"), _("The parcel has reached its city. A rider takes it out next."), 2
        ),
        _S.OUT_FOR_DELIVERY: Words(
            _("Out for delivery"), _("Our rider has the parcel. Keep your phone near you."), 3, _("Out for delivery")
        ),
        _S.DELIVERED: Words(_("Delivered"), _("The parcel has been handed over."), 4, _("Delivered")),
        _S.DELIVERY_UNSUCCESSFUL: Words(
            _("Could not be delivered"),
            _("Our rider could not hand the parcel over. We are arranging what happens next."),
            3,
            _("We could not deliver"),
        ),
        _S.SHIPPER_ADVICE_PENDING: Words(
            _("Waiting for the sender"),
            _("We have asked the sender what to do with the parcel. It is safe at our office."),
            3,
            _("Waiting for the sender"),
        ),
        _S.REATTEMPT_REQUESTED: Words(_("Coming again"), _("Our rider will try again."), 2, _("We will come again")),
        _S.ON_HOLD: Words(_("On hold"), _("The parcel is safe at our office and waits there."), 2, _("On hold")),
        _S.HOLD_SELF_COLLECTION: Words(
            _("Ready to collect"),
            _("The parcel waits at our office. Bring your CNIC to collect it."),
            2,
            _("Ready for you to collect"),
        ),
        _S.MISROUTED: Words(
            _("Sent to another office"), _("The parcel went to the wrong office. We are sending it on."), 2
        ),
        _S.RETURN_CONFIRMED: Words(
            _("Return started"), _("The parcel goes back to its sender."), 2, _("Going back to the sender"), True
        ),
        _S.RETURN_IN_TRANSIT: Words(
            _("On the way back"), _("The parcel is on its way to its sender."), 3, _("Going back to the sender"), True
        ),
        _S.RETURN_RECEIVED_AT_ORIGIN: Words(
            _("Back in its city"),
            _("The parcel is back in the city it came from."),
            3,
            _("Going back to the sender"),
            True,
        ),
        _S.RETURN_OUT_FOR_DELIVERY: Words(
            _("Out to the sender"),
            _("Our rider takes the parcel to its sender."),
            3,
            _("Going back to the sender"),
            True,
        ),
        _S.RETURNED_TO_SHIPPER: Words(
            _("Returned"), _("The sender has the parcel again."), 4, _("Returned to the sender"), True
        ),
        _S.CANCELLED: Words(_("Cancelled"), _("The sender has cancelled this parcel."), None, _("Cancelled")),
        _S.EXPIRED: Words(_("Never sent"), _("The sender did not hand this parcel over."), None, _("Never sent")),
        _S.LOST: Words(
            _("Being searched for"),
            _("We cannot find the parcel and are searching for it. The sender has been told."),
            None,
            _("Being searched for"),
        ),
        _S.DAMAGED: Words(
            _("Damaged"), _("The parcel was damaged on its way. The sender has been told."), None, _("Damaged")
        ),
        _S.CLAIM_IN_PROCESS: Words(
            _("With our claims desk"), _("Ask the sender what happens next."), None, _("With our claims desk")
        ),
        _S.CLAIM_SETTLED: Words(_("Closed"), _("Ask the sender what happens next."), None, _("Closed")),
    }
)


def headline(status: Status, expected: date | None, status_at: datetime, now: datetime) -> str:
    """The page's first line: the day where one can be promised, else what is true now."""
    today = timezone.localdate(now)
    words = WORDS[status]
    if status is Status.OUT_FOR_DELIVERY and timezone.localdate(status_at) == today:
        return gettext("Arriving today")
    if words.headline:
        return str(words.headline)
    if expected is None or expected < today:
        return gettext("Taking longer than planned")
    if expected == today:
        return gettext("Expected today")
    return gettext("Expected %(day)s") % {"day": dateformat.format(expected, "l, j M")}


def steps(status: Status) -> list[dict[str, object]]:
    """The five steps of the way with their state (done, now, todo); none where the parcel is on no way."""
    words = WORDS[status]
    if words.step is None:
        return []
    last = len(STEPS) - 1
    return [
        {
            "label": label,
            "state": "done" if at < words.step or words.step == last else "now" if at == words.step else "todo",
        }
        for at, label in enumerate(STEPS_BACK if words.back else STEPS)
    ]
