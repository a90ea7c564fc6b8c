"""Labels ready to be set, and how a shipper wants them."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.booking.models import LabelSettings
from icargos.booking.rules.printing import MOST_LABELS, MOST_PAGES, Wanted, masked, sorted_as
from icargos.consignments import queries as consignments
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import Status, pieces
from icargos.ground import blobs, house
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.paper.label import Label
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service

NEVER_HANDED_OVER = {Status.CANCELLED, Status.EXPIRED}


class LabelStyle(msgspec.Struct, frozen=True, kw_only=True):
    """How a shipper wants its labels where nobody says otherwise; ``logo`` is a PNG, or nothing."""

    wanted: Wanted
    logo: bytes = b""
    changed_by: str = ""


def label_style(actor: Actor) -> LabelStyle:
    """The shipper's own settings, or those of everybody."""
    found = LabelSettings.objects.filter(shipper_id=actor.tenant).first()
    if found is None:
        return LabelStyle(wanted=Wanted())
    wanted = Wanted(
        form=found.form, sorting=found.sorting, mask_phone=found.mask_phone, hide_product=found.hide_product
    )
    logo = blobs.kept(found.logo_key) if found.logo_key else b""
    return LabelStyle(wanted=wanted, logo=logo, changed_by=found.changed_by)


def printable(actor: Actor, ids: Sequence[int], sorting: str = "listed") -> list[Parcel]:
    """Those of these parcels that may have a label, in the order asked. Needs PRINT_LABELS.

    Cancelled and expired ones are left out. Raises NotFound for a parcel that is not the actor's, ValueError over
    MOST_LABELS parcels, Invalid when all are cancelled or their pieces are more than MOST_PAGES.
    """
    actor.require(Can.PRINT_LABELS)
    if len(ids) > MOST_LABELS:
        raise ValueError(f"at most {MOST_LABELS} parcels at once")
    parcels = [one for one in consignments.many(actor, ids) if one.status not in NEVER_HANDED_OVER]
    if not parcels:
        raise Invalid(_("These consignments are cancelled: their labels would not be accepted."))
    if sum(parcel.pieces for parcel in parcels) > MOST_PAGES:
        raise Invalid(_("These parcels have more than %(most)d pieces. Print them in parts.") % {"most": MOST_PAGES})
    return sorted_as(parcels, sorting)


def labels(
    actor: Actor, parcels: Sequence[Parcel], wanted: Wanted, *, base_url: str, times: Mapping[int, int] | None = None
) -> list[Label]:
    """The labels of these parcels, one for each piece. Needs PRINT_LABELS.

    ``base_url`` is where the QR's link starts, without a slash; ``times`` says the how manieth print of each parcel
    this is, without it the next one.
    """
    actor.require(Can.PRINT_LABELS)
    account = accounts.account(actor)
    logo, own_logo = label_style(actor).logo, house.courier_logo()
    profiles = {profile_id: places.profile(actor, profile_id) for profile_id in {p.profile_id for p in parcels}}
    made = []
    for parcel in parcels:
        profile = profiles[parcel.profile_id]
        number = phone.display(parcel.consignee_phone or "")
        weights = pieces.weights(parcel.piece_weights) or (parcel.weight_g,) * parcel.pieces
        for piece in range(1, parcel.pieces + 1):
            made.append(
                Label(
                    cn=parcel.cn,
                    qr_url=f"{base_url}/q/{parcel.label_token}",
                    service=str(SERVICE_LABEL[Service(parcel.service)]),
                    sort_code=parcel.sort_code,
                    courier_name=settings.COURIER["name"],
                    courier_phone=settings.COURIER["phone"],
                    courier_logo=own_logo,
                    shipper_name=account.name,
                    shipper_logo=logo,
                    shipper_phone=phone.display(profile.phone),
                    profile_code=profile.code,
                    return_address=parcel.return_address or profile.return_address or profile.address,
                    origin_code=parcel.origin_code,
                    origin_city=parcel.origin,
                    destination_city=parcel.destination,
                    destination_city_urdu=parcel.destination_urdu,
                    consignee_name=parcel.consignee_name,
                    consignee_phone=masked(number) if wanted.mask_phone else number,
                    address=parcel.address or "",
                    landmark=parcel.landmark or "",
                    cod_rupees=parcel.cod_paisa // 100,
                    pieces=parcel.pieces,
                    piece=piece,
                    weight_g=weights[piece - 1],
                    length_cm=parcel.length_cm,
                    width_cm=parcel.width_cm,
                    height_cm=parcel.height_cm,
                    booked_on=timezone.localdate(parcel.booked_at),
                    order_ref=parcel.order_ref,
                    product="" if wanted.hide_product else parcel.product,
                    remarks=parcel.remarks,
                    fragile=parcel.fragile,
                    allow_open=parcel.allow_open,
                    proof=parcel.proof,
                    reprint=times[parcel.id] - 1 if times is not None else parcel.labels_printed,
                )
            )
    return made


def sample_label(actor: Actor, wanted: Wanted, *, today: date) -> Label:
    """A label that no parcel has, with the shipper's own name and logo on it: to look at, and to try a printer with."""
    number = "0300-1234567"
    return Label(
        cn="XX000000000",  # its last digit is wrong, so that no door takes it for a parcel
        qr_url="https://sample.invalid/q/not-a-parcel",
        service="Sample",
        sort_code="TST-01",
        courier_name=settings.COURIER["name"],
        courier_phone=settings.COURIER["phone"],
        courier_logo=house.courier_logo(),
        shipper_name=accounts.account(actor).name,
        shipper_logo=label_style(actor).logo,
        return_address="Plot 1, Sample Road, Karachi",
        origin_code="KHI",
        origin_city="Karachi",
        destination_city="Lahore",
        destination_city_urdu="لاہور",
        consignee_name="Sample Label",
        consignee_phone=masked(number) if wanted.mask_phone else number,
        address="House 14, Street 9, Gulberg III",
        landmark="this is not a parcel",
        cod_rupees=1,
        weight_g=500,
        booked_on=today,
        order_ref="TEST-1",
        product="" if wanted.hide_product else "Test print, nothing to ship",
    )
