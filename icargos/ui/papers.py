"""Papers that several doors hand out, read together and said in the reader's language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.booking import queries as booking
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import REASONS
from icargos.consignments.rules.papers import PAPERS
from icargos.dispatch import actions
from icargos.dispatch import queries as dispatch
from icargos.dispatch.queries import StopRow
from icargos.ground import house
from icargos.kit import phone
from icargos.kit.actor import Actor, Kind
from icargos.paper.delivery_run import DeliveryRunPaper, DeliveryStop, delivery_run_pdf
from icargos.paper.document import Party
from icargos.paper.epod import Epod, Visit, epod_pdf
from icargos.paper.load_sheet import LoadSheetLine, LoadSheetPaper, load_sheet_pdf
from icargos.paper.manifest import ManifestPaper, ManifestPaperLine, manifest_pdf
from icargos.paper.pickup_run import PickupRunPaper, PickupStop, pickup_run_pdf
from icargos.paper.tongue import Tongue
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service
from icargos.ui.visits import relation_word


def tongue() -> Tongue:
    """The language of whoever asks."""
    return Tongue(_, get_language_bidi())


def courier() -> Party:
    """Whose house it is, as papers name it."""
    return Party(settings.COURIER["name"], settings.COURIER["phone"], house.courier_logo())


def shipper(actor: Actor, shipper_id: int) -> Party:
    """Whose parcel it is, as papers name it; with its logo where the shipper's own people ask."""
    # How a shipper's labels look is its own affair: the courier's people do not read it.
    logo = booking.label_style(actor).logo if actor.kind is Kind.SHIPPER else b""
    return Party(accounts.shipper_names(actor, [shipper_id])[shipper_id], _("Shipper"), logo)


def brand() -> tuple[float, float]:
    """Hue and chroma of the courier's colour."""
    return float(settings.COURIER["brand_h"]), float(settings.COURIER["brand_c"])


def attached(made: bytes, name: str) -> HttpResponse:
    """A PDF that is saved under its name. No cache keeps it: it holds what only the reader may see."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def load_sheet(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """A closed load sheet as it was signed, ``LS-....pdf``. Raises NotFound, SheetNotClosed."""
    sheet = booking.load_sheet(actor, number)
    lines = booking.signed_lines(actor, sheet)
    made = load_sheet_pdf(
        LoadSheetPaper(
            number=sheet.number,
            link=request.build_absolute_uri(reverse("load_sheet_code", args=[sheet.number])),
            courier=courier(),
            shipper=shipper(actor, sheet.shipper_id),
            brand=brand(),
            place=sheet.profile,
            profile_code=sheet.profile_code,
            address=sheet.address,
            city=sheet.city,
            phone=phone.display(sheet.phone),
            closed_at=timezone.localtime(sheet.closed_at),
            closed_by=sheet.closed_by,
            pieces=sheet.pieces,
            weight_g=sheet.weight_g,
            cod_paisa=sheet.cod_paisa,
            lines=[
                LoadSheetLine(
                    cn=one.cn,
                    order_ref=one.order_ref,
                    consignee=one.consignee_name,
                    city=one.city,
                    pieces=one.pieces,
                    weight_g=one.weight_g,
                    cod_paisa=one.cod_paisa,
                    cancelled=one.fate == "cancelled",
                )
                for one in lines
            ],
            printed_at=timezone.localtime(),
            printed_by=actor.name,
        ),
        tongue(),
    )
    return attached(made, sheet.number)


def pickup_run(request: HttpRequest, actor: Actor, run_id: int) -> HttpResponse:
    """A rider's pickup run sheet, ``PRS-....pdf``. Raises NotFound."""
    card, visits = booking.pickup_run(actor, run_id)
    made = pickup_run_pdf(
        PickupRunPaper(
            number=card.number,
            link=request.build_absolute_uri(reverse("pickup_run_code", args=[card.number])),
            courier=courier(),
            station=next(office.name for office in places.stations(actor) if office.id == card.station_id),
            brand=brand(),
            day=card.day,
            rider=card.rider_name,
            stops=[
                PickupStop(
                    slot=one.slot,
                    number=one.number,
                    shipper=one.shipper,
                    address=one.address if one.city in one.address else f"{one.address}, {one.city}",
                    phone=phone.display(one.phone),
                    note=one.note,
                    expected=one.expected_parcels,
                    ready=one.ready,
                )
                for one in visits
            ],
            printed_at=timezone.localtime(),
            printed_by=actor.name,
        ),
        tongue(),
    )
    return attached(made, card.number)


def manifest(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """A manifest that has left, with its check-in as it stands, ``MF-....pdf``. Raises NotFound, ManifestNotSent."""
    sheet = dispatch.sent_manifest(actor, number)
    card = sheet.card
    named = {card.origin_id: card.origin, card.destination_id: card.destination}
    if get_language() == "ur":
        urdu = {city.id: city.urdu for city in places.cities(actor)}
        named |= {office.id: urdu[office.city_id] or office.name for office in places.stations(actor)}
    made = manifest_pdf(
        ManifestPaper(
            number=card.number,
            link=request.build_absolute_uri(reverse("desk:manifest", args=[card.number])),
            courier=courier(),
            brand=brand(),
            origin=named[card.origin_id],
            destination=named[card.destination_id],
            vehicle=card.vehicle,
            driver=card.driver,
            route=card.route,
            seal=card.seal,
            bags=card.bags,
            departed_at=timezone.localtime(card.departed_at),
            departed_by=card.departed_by,
            expected_at=timezone.localtime(card.expected_at),
            arrived_at=timezone.localtime(card.arrived_at) if card.arrived_at else None,
            arrived_by=card.arrived_by,
            pieces=card.pieces,
            weight_g=card.weight_g,
            lines=[
                ManifestPaperLine(
                    cn=line.cn, city=line.goes_to, pieces=line.pieces, weight_g=line.weight_g, state=line.state
                )
                for line in sheet.lines
            ],
            printed_at=timezone.localtime(),
            printed_by=actor.name,
        ),
        tongue(),
    )
    return attached(made, card.number)


def delivery_run(request: HttpRequest, actor: Actor, run_id: int) -> HttpResponse:
    """A rider's run sheet, ``DRS-....pdf``; it is noted who printed it. Raises NotFound."""
    sheet = dispatch.run(actor, run_id)
    card, now = sheet.run, timezone.now()
    actions.note_print(actor, card, now=now)
    made = delivery_run_pdf(
        DeliveryRunPaper(
            number=card.number,
            link=request.build_absolute_uri(reverse("run_code", args=[card.number])),
            courier=courier(),
            station=sheet.station,
            brand=brand(),
            day=timezone.localdate(card.dispatched_at or card.opened_at),
            left_at=timezone.localtime(card.dispatched_at) if card.dispatched_at else None,
            rider=card.rider_name,
            stops=[_door(one) for one in sheet.stops],
            printed_at=timezone.localtime(now),
            printed_by=actor.name,
        ),
        tongue(),
    )
    return attached(made, card.number)


def _door(stop: StopRow) -> DeliveryStop:
    proofs = {"signature": _("Proof: signature"), "photo": _("Proof: photo"), "code": _("Proof: code")}
    minded = (
        phone.display(stop.alt_phone) if stop.alt_phone else "",
        _("Fragile") if stop.fragile else "",
        _("Open before paying") if stop.allow_open else "",
        proofs.get(stop.proof, ""),
    )
    words = {
        "delivered": _("Delivered"),
        "failed": _(REASONS[stop.reason].label) if stop.reason in REASONS else _("Failed"),
        "not_attempted": _("Not attempted"),
        "handed_back": _("Back"),
    }
    return DeliveryStop(
        cn=stop.cn,
        consignee=stop.consignee_name,
        phone=phone.display(stop.consignee_phone),
        address=", ".join(part for part in (stop.address, stop.landmark) if part),
        city=stop.city,
        pieces=stop.pieces,
        cod_paisa=stop.cod_paisa,
        note=" · ".join(part for part in minded if part),
        status=words.get(stop.state, ""),
        time=f"{timezone.localtime(stop.outcome_at):%H:%M}" if stop.outcome_at else "",
    )


def epod(request: HttpRequest, actor: Actor, parcel: Parcel) -> HttpResponse:
    """The proof of the parcel's delivery, ``EPOD-<CN>.pdf``. Needs SEE_CONSIGNEE; raises as ``epod_of``."""
    made = epod_of(actor, parcel, base_url=request.build_absolute_uri("/").rstrip("/"))
    return attached(made, f"EPOD-{parcel.cn}")


def epod_of(actor: Actor, parcel: Parcel, *, base_url: str) -> bytes:
    """The proof of the parcel's delivery as a PDF, whose QR leads to ``base_url`` (no slash at its end).

    Needs SEE_CONSIGNEE. Raises NotDelivered before the delivery and after its correction, NotFound where no proof was
    kept.
    """
    proven = dispatch.printable(actor, parcel)
    signature, photos = dispatch.proof_files(actor, parcel.id)
    cities = {city.id: city for city in places.cities(actor)}
    urdu = get_language() == "ur"
    origin, destination = (
        (city.urdu if urdu else "") or city.name for city in (cities[parcel.origin_id], cities[parcel.destination_id])
    )
    centre = None
    if proven.lat is not None and proven.lng is not None:
        centre = cities[parcel.destination_id].metres_from(proven.lat, proven.lng)
    link = reverse("track:proof", args=[dispatch.proof_token(proven.cn, proven.sha256)])
    where = (parcel.address, parcel.landmark, destination)
    signed = dispatch.proof_papers(actor, parcel.id)
    return epod_pdf(
        Epod(
            cn=proven.cn,
            link=f"{base_url}{link}",
            courier=courier(),
            shipper=shipper(actor, parcel.shipper_id),
            brand=brand(),
            order_ref=parcel.order_ref,
            service=_(SERVICE_LABEL[Service(parcel.service)]),
            origin=origin,
            destination=destination,
            pieces=parcel.pieces,
            product=parcel.product,
            consignee=parcel.consignee_name,
            address=("، " if urdu else ", ").join(part for part in where if part),
            receiver=proven.receiver_name,
            relation=relation_word(proven.relation),
            proof_asked=parcel.proof,
            no_code_reason=proven.no_code_reason,
            cod_expected_paisa=proven.cod_expected_paisa,
            cod_collected_paisa=proven.cod_collected_paisa,
            method=proven.method,
            lat=proven.lat,
            lng=proven.lng,
            accuracy_m=proven.accuracy_m,
            centre_m=centre,
            delivered_at=timezone.localtime(proven.occurred_at),
            device_at=timezone.localtime(proven.device_at),
            received_at=timezone.localtime(proven.received_at),
            skew_s=proven.skew_s,
            offline=proven.offline,
            rider=proven.rider,
            device=proven.device,
            run_number=proven.run_number,
            note=proven.note,
            sha256=proven.sha256,
            signature=signature,
            photos=photos,
            papers=[(_(PAPERS.get(code, code)), data) for code, data in signed.items()],
            visits=[
                Visit(at=timezone.localtime(one.occurred_at), outcome=_(REASONS[one.reason].label), rider=one.rider)
                for one in dispatch.attempts(actor, parcel.id)
            ],
            printed_at=timezone.localtime(),
            printed_by=actor.name,
        ),
        tongue(),
    )
