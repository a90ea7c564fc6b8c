"""What counts as proof: of a delivery by the parcel's own wish, of a failed attempt by its reason."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from icargos.consignments.rules import Reason, Status
from icargos.kit.errors import FieldProblem
from icargos.kit.texts import gettext_noop as _

RELATIONS = ("self", "family", "guard", "neighbour", "office", "other")
METHODS = ("cash", "raast")
MOST_PHOTOS = 5
MOST_CALLS = 20
# By the codes of consignments.rules.papers.
PAPER_WANTED = {
    "invoice": _("Take a photo of the signed invoice copy."),
    "challan": _("Take a photo of the signed delivery challan."),
    "order": _("Take a photo of the signed purchase order."),
    "receipt": _("Take a photo of the goods received note."),
}


class File(msgspec.Struct, frozen=True):
    """A file as the phone sent it; ``sha256`` (hex) is the phone's own, so that a torn upload shows."""

    data: bytes
    sha256: str = ""


class Call(msgspec.Struct, frozen=True):
    """A call the rider tapped: when, and how many seconds he was away from the page."""

    at: datetime
    away_s: int


def missing_for_delivery(
    asked: str,
    *,
    receiver: str,
    relation: str,
    signed: bool,
    photos: int,
    no_code_reason: str,
    papers_asked: Sequence[str] = (),
    papers: Collection[str] = (),
) -> list[FieldProblem]:
    """What a delivery still lacks by the parcel's own proof: ``none``, ``signature``, ``photo`` or ``code``.

    Who received it is always asked. A delivery code that was not given is replaced by a photo and the reason why. Of
    each paper that must come back signed, by its code, there is a photo of its own.
    """
    problems = []
    if not 2 <= len(receiver.strip()) <= 50:
        problems.append(FieldProblem("receiver", "REQUIRED", _("Write who received it, 2 to 50 characters.")))
    if relation not in RELATIONS:
        problems.append(FieldProblem("relation", "REQUIRED", _("Choose who the receiver is to the consignee.")))
    if asked == "signature" and not signed:
        problems.append(FieldProblem("signature", "PROOF_MISSING", _("The shipper asks for a signature.")))
    if asked == "photo" and not photos:
        problems.append(FieldProblem("photo", "PROOF_MISSING", _("The shipper asks for a photo of the hand-over.")))
    if asked == "code":
        if not photos:
            told = _("The shipper asks for the delivery code. Without it, take a photo of the hand-over.")
            problems.append(FieldProblem("photo", "PROOF_MISSING", told))
        if not no_code_reason.strip():
            told = _("Say why there is no delivery code.")
            problems.append(FieldProblem("no_code_reason", "PROOF_MISSING", told))
    problems += [
        FieldProblem(f"paper_{one}", "PROOF_MISSING", PAPER_WANTED[one]) for one in papers_asked if one not in papers
    ]
    return problems


def missing_for_failure(reason: Reason, *, photos: int, calls: int, placed: bool, scanned: bool) -> list[FieldProblem]:
    """What a failed attempt still lacks for its reason; one of the reason's alternatives is enough.

    A photo of the door is always accepted, also in place of what only the consignee could give.
    """
    if not reason.proof or photos:
        return []
    given = {
        "call": calls >= 1,
        "two_calls": calls >= 2,
        "scan": scanned,
        "gps_photo": placed and photos > 0,
    }
    if any(given.get(one, False) for one in reason.proof):
        return []
    told = {
        "call": _("Call the consignee from this page, or take a photo of the door."),
        "two_calls": _("Call the consignee twice from this page, or take a photo of the door."),
        "scan": _("Scan the parcel, or take a photo of its label."),
    }
    wanted = next((told[one] for one in reason.proof if one in told), _("Take a photo of the door."))
    return [FieldProblem("photo", "PROOF_MISSING", wanted)]


def wrong_amount(cod_paisa: int, collected_paisa: int) -> FieldProblem | None:
    """A rider collects exactly the COD, no rupee less or more; a dispute about it is the reason PI, not a price."""
    if collected_paisa == cod_paisa:
        return None
    told = (
        _("Collect exactly the COD. If the amount is disputed, fail the stop with “Amount disputed”.")
        if cod_paisa
        else _("This parcel is prepaid. Collect nothing.")
    )
    return FieldProblem("cod", "AMOUNT_DIFFERS", told)


def too_many(photos: Sequence[File], calls: Sequence[Call] = ()) -> FieldProblem | None:
    """More evidence than one visit can need."""
    if len(photos) <= MOST_PHOTOS and len(calls) <= MOST_CALLS:
        return None
    return FieldProblem("photo", "RANGE", _("At most 5 photos and 20 calls belong to one visit."))


def stands(status: Status, status_at: datetime, proven_at: datetime) -> bool:
    """Whether a proof shows how its parcel ended: delivered, and by that delivery, not by one after a correction."""
    return status is Status.DELIVERED and status_at == proven_at
