"""One parcel: where it stands, what happened, what it costs, its papers."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions
from icargos.booking import queries as booking
from icargos.booking.rules.changes import fixed_fields
from icargos.booking.rules.pickups import FAILURES
from icargos.consignments import queries
from icargos.consignments.queries import Parcel, Scan
from icargos.consignments.rules import COD_CAME, FAMILY, LABEL, REASONS, SHIPPER_MAY, Family, Status, pieces
from icargos.consignments.rules import Can as MayNow
from icargos.consignments.rules.papers import PAPERS, asked
from icargos.dispatch import queries as dispatch
from icargos.dispatch.queries import Tried
from icargos.dispatch.rules.advice import AdviceState
from icargos.finance import queries as finance
from icargos.kit.actor import Actor
from icargos.places import queries as places
from icargos.portal import cod, formats
from icargos.portal.pages import documents, parcel_story
from icargos.tariff.rules import SERVICE_LABEL, Receipt, Service
from icargos.ui import papers, receipt_paper, route_map, visits, wording
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

# What never arrived is booked again; anything else is only copied.
_REBOOKED = {Status.CANCELLED, Status.EXPIRED, Status.RETURNED_TO_SHIPPER}
_STEP_OF = {
    Family.BOOKED: 0,
    Family.PICKUP: 1,
    Family.MOVING: 2,
    Family.OUT: 3,
    Family.ATTENTION: 3,
    Family.DELIVERED: 4,
}


@page("portal", "orders/<str:cn>/", name="consignment", needs=Can.SEE_ORDERS, owner="consignment")
def consignment(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The parcel's page; ``?scans=all`` shows the courier's internal scans too."""
    parcel = queries.one(actor, cn)
    scans = queries.timeline(actor, parcel)
    every = request.GET.get("scans") == "all"
    shown = [scan for scan in scans if every or scan.public]
    status = Status(parcel.status)
    prints = actor.may(Can.PRINT_LABELS) and status not in {Status.CANCELLED, Status.EXPIRED}
    label_url = reverse("portal:label", args=[parcel.cn]) if prints else ""
    cancels = actor.may(Can.CANCEL) and MayNow.CANCEL in SHIPPER_MAY[status]
    books = actor.may(Can.BOOK)
    sees = actor.may(Can.SEE_CONSIGNEE)
    tries = dispatch.attempts(actor, parcel.id)
    proof = dispatch.proof(actor, parcel.id) if status is Status.DELIVERED else None
    epod_url = (
        reverse("portal:epod", args=[parcel.cn]) if sees and proof and dispatch.is_printable(parcel, proof) else ""
    )
    paid_in = actor.may(Can.SEE_CHARGES) and parcel.cod_state in COD_CAME
    receipt_url = reverse("portal:cod_receipt", args=[parcel.cn]) if paid_in else ""
    context = {
        "parcel": _parcel(actor, parcel, sees),
        "headline": _headline(status),
        "sentence": _sentence(parcel, scans),
        "steps": _steps(status),
        **_map(actor, parcel, status),
        "history": [_line(scan, sees) for scan in reversed(shown)],
        "history_options": _history_options(every) if len(shown) < len(scans) or every else [],
        "receipt": _receipt(actor, parcel, FAMILY[status]),
        "cod": cod.shown(parcel, finance.cod_times(actor, parcel.id)) if parcel.cod_paisa else None,
        "attempts": [visits.attempt(one, parcel.cn, "portal:picture", notes=sees) for one in reversed(tries)],
        "advise_url": _advise_url(actor, tries),
        "proof": visits.proof(proof, "portal:picture", notes=sees) if proof else None,
        "sees_consignee": sees,
        "label_fields": [("cn", parcel.cn)],
        "formats": formats.choices(formats.format_code(request, actor)) if prints else [],
        "cod_receipt_url": receipt_url,
        "papers": _papers(parcel, label_url, epod_url, receipt_url),
        "handing": _handing(actor, parcel, status),
        "travels": dispatch.travels(actor, parcel.id),
        "orders_url": reverse("portal:orders"),
        "label_url": label_url,
        "epod_url": epod_url,
        "track_url": _address("track:link", parcel.tracking_token),
        "cancel_url": reverse("portal:cancel", args=[parcel.cn]) if cancels else "",
        "edit_url": reverse("portal:edit", args=[parcel.cn]) if books and fixed_fields(status) is not None else "",
        "again_url": reverse("portal:book", query={"like": parcel.cn}) if books else "",
        "came_to_nothing": status in _REBOOKED,
        "stale": parcel.label_stale and bool(label_url),
        **documents.shown(actor, parcel),
        **parcel_story.shown(actor, parcel),
    }
    return render(request, "portal/consignment.html", context)


@page("portal", "orders/<str:cn>/cancel/", name="cancel", needs=Can.CANCEL, methods=("POST",), owner="consignment")
def cancel(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """Cancel a parcel that was not handed over; a second click changes nothing."""
    parcel = queries.one(actor, cn)
    actions.cancel(actor, [parcel.cn], now=timezone.now())
    toast(request, _("Consignment %(cn)s cancelled") % {"cn": parcel.cn})
    return redirect("portal:consignment", cn=parcel.cn)


@page("portal", "orders/<str:cn>/epod.pdf", name="epod", needs=Can.SEE_CONSIGNEE, owner="consignment")
def epod(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The proof of the parcel's delivery as a paper."""
    return papers.epod(request, actor, queries.one(actor, cn))


@page("portal", "orders/<str:cn>/cod-receipt.pdf", name="cod_receipt", needs=Can.SEE_CHARGES, owner="consignment")
def cod_receipt(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The receipt of the cash that was collected, as a paper."""
    return receipt_paper.cod_receipt(request, actor, queries.one(actor, cn))


def _address(view: str, *args: str) -> str:
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return ""


def _parcel(actor: Actor, parcel: Parcel, sees: bool) -> dict[str, Any]:
    profile = places.profile(actor, parcel.profile_id)
    flags = [_("Fragile")] if parcel.fragile else []
    flags += [_("Open before paying")] if parcel.allow_open else []
    proofs = {"signature": _("Proof: signature"), "photo": _("Proof: photo"), "code": _("Proof: code")}
    flags += [proofs[parcel.proof]] if parcel.proof in proofs else []
    return {
        "cn": parcel.cn,
        "order_ref": parcel.order_ref,
        "status": parcel.status,
        "service": _(SERVICE_LABEL[Service(parcel.service)]),
        "pieces": parcel.pieces,
        "weight_g": parcel.weight_g,
        "charged_g": parcel.charged_weight_g,
        "product": parcel.product,
        "remarks": parcel.remarks if sees else "",
        "return_address": parcel.return_address,
        "pickup_on": parcel.pickup_on,
        "delivery_window": parcel.delivery_window,
        "piece_weights": [wording.kilos(grams) for grams in pieces.weights(parcel.piece_weights)],
        "signed_papers": [_(PAPERS[code]) for code in asked(parcel.signed_papers)],
        "profile": f"{profile.name} ({profile.code})",
        "origin": parcel.origin,
        "destination": parcel.destination,
        "booked_at": parcel.booked_at,
        "who": parcel.consignee_name if sees else "",
        "phone": parcel.consignee_phone or "",
        "alt_phone": parcel.alt_phone or "",
        "address": parcel.address or "",
        "landmark": parcel.landmark or "",
        "flags": flags,
    }


def _advise_url(actor: Actor, tries: Sequence[Tried]) -> str:
    """Where the last attempt's open question is answered; nothing when it waits for no answer of this actor's."""
    if not tries or not actor.may(Can.ADVISE):
        return ""
    asked = (one.id for one in tries[-1].advice if one.state == AdviceState.OPEN)
    return next((reverse("portal:advice_one", args=[advice]) for advice in asked), "")


def _headline(status: Status) -> str:
    waiting = {
        Status.NEW_BOOKED: _("Booked, waiting for pickup"),
        Status.READY_FOR_PICKUP: _("Ready, waiting for pickup"),
        Status.OUT_FOR_DELIVERY: _("Out for delivery today"),
    }
    return waiting.get(status, _(LABEL[status]))


def _sentence(parcel: Parcel, scans: list[Scan]) -> str:
    last = scans[-1] if scans else None
    if parcel.status == Status.NEW_BOOKED:
        return _("Print the label, stick it on the parcel and hand it to our rider.")
    known = REASONS.get(parcel.reason) or FAILURES.get(parcel.reason)
    if known:
        return _(known.label)
    return _("Last seen in %(city)s.") % {"city": last.city} if last and last.city else ""


def _map(actor: Actor, parcel: Parcel, status: Status) -> dict[str, Any]:
    """The way on the map, with its ends in the reader's language; on the way back it runs to the origin."""
    known = {city.id: city for city in places.cities(actor)}
    ends = [known[parcel.origin_id], known[parcel.destination_id]]
    origin, destination = (route_map.End(end.name, end.urdu, round(end.lon, 2), round(end.lat, 2)) for end in ends)
    urdu = get_language() == "ur"
    names = [end.urdu if urdu and end.urdu else end.name for end in ends]
    if FAMILY[status] is Family.RETURNS:
        names.reverse()
    return {"map": route_map.of_parcel(status, origin, destination), "origin": names[0], "destination": names[1]}


def _steps(status: Status) -> list[dict[str, str]]:
    labels = [_("Booked"), _("Picked up"), _("In transit"), _("Out for delivery"), _("Delivered")]
    family = FAMILY[status]
    at = _STEP_OF.get(family, -1)
    if family is Family.RETURNS:
        labels, at = [_("Booked"), _("Picked up"), _("Returning"), _("Returned")], 2
        at = 4 if status is Status.RETURNED_TO_SHIPPER else at
    if family is Family.CLOSED:
        labels, at = [_("Booked"), _(LABEL[status])], 1
    done = at + 1 if status is Status.DELIVERED else at
    return [
        {"label": label, "state": "done" if place < done else "now" if place == at else "todo"}
        for place, label in enumerate(labels)
    ]


def _line(scan: Scan, sees: bool) -> dict[str, Any]:
    title = _(LABEL[Status(scan.code)]) if scan.code in set(Status) else scan.code
    known = REASONS.get(scan.reason) or FAILURES.get(scan.reason)
    reason = _(known.label) if known else ""
    # A note is free text, and people write phones and addresses into it.
    note = scan.note if sees else ""
    told = (reason, scan.city, scan.actor_name, wording.source(scan.source), note)
    detail = " · ".join(part for part in told if part)
    return {"title": title, "detail": detail, "at": scan.at, "status": scan.code if scan.code in set(Status) else ""}


def _history_options(every: bool) -> list[dict[str, object]]:
    return [
        {"url": "?", "label": _("Public"), "current": not every},
        {"url": "?scans=all", "label": _("All scans"), "current": every},
    ]


def _receipt(actor: Actor, parcel: Parcel, family: Family) -> dict[str, Any] | None:
    """The receipt, and of what may still happen only what still can: no cash for a parcel on its way back."""
    charged = finance.charged(actor, parcel.id) if actor.may(Can.SEE_CHARGES) else None
    if charged is None:
        return None
    shown = {"card": charged.card, **shown_receipt(msgspec.convert(charged.receipt, Receipt))}
    if family is Family.RETURNS:
        return {**shown, "after": [], "receive_paisa": shown["return_paisa"], "return_paisa": None, "came_back": True}
    if family is Family.CLOSED:
        return {**shown, "after": [], "receive_paisa": None}
    return {**shown, "return_paisa": None} if family is Family.DELIVERED else shown


def shown_receipt(receipt: Receipt) -> dict[str, Any]:
    """A receipt as ``ui/parts/receipt.html`` shows it: the form's preview and the parcel's page alike."""
    after = [{"label": _("COD collected"), "basis": "", "paisa": receipt.cod_paisa}] if receipt.cod_paisa else []
    after += [{"label": _(w.label), "basis": w.counted(_), "paisa": -w.amount_paisa} for w in receipt.withheld]
    return {
        "lines": [{"label": _(one.label), "basis": one.counted(_), "paisa": one.amount_paisa} for one in receipt.lines],
        "charges_paisa": receipt.charges_paisa,
        "after": after,
        "receive_paisa": receipt.payable_paisa,
        "return_paisa": receipt.return_payable_paisa,
    }


def _handing(actor: Actor, parcel: Parcel, status: Status) -> dict[str, Any] | None:
    """How a parcel that its shipper holds gets to the courier: ready or not, on which sheet, when the rider comes."""
    if FAMILY[status] not in (Family.BOOKED, Family.PICKUP):
        return None
    sheet = booking.sheets_of(actor, [parcel.id]).get(parcel.id)
    pickup = booking.next_pickup(actor, parcel.profile_id) if status is not Status.PICKED_UP else None
    turns = actor.may(Can.HAND_OVER) and status in (Status.NEW_BOOKED, Status.READY_FOR_PICKUP)
    return {
        "sheet": sheet,
        "pickup": pickup,
        "ready": "no" if status is Status.READY_FOR_PICKUP else "yes",
        "ready_url": reverse("portal:ready") if turns and not (sheet and sheet.state == "closed") else "",
        "pickup_url": f"{reverse('portal:pickups')}?{urlencode({'profile': parcel.profile_id})}#ask" if turns else "",
    }


def _papers(parcel: Parcel, label_url: str, epod_url: str, receipt_url: str) -> list[dict[str, str]]:
    listed = []
    if epod_url:
        listed.append({"label": _("Proof of delivery"), "url": epod_url, "icon": "shield-check", "note": _("PDF, A4")})
    if receipt_url:
        listed.append({"label": _("COD receipt"), "url": receipt_url, "icon": "receipt", "note": _("PDF, A4")})
    if label_url:
        n = parcel.labels_printed
        times = ngettext("Printed %(n)d time", "Printed %(n)d times", n) % {"n": n}
        note = times if n else _("Not printed yet")
        listed.append({"label": _("Label"), "url": label_url, "icon": "printer", "note": note})
    return listed
