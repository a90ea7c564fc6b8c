"""Labels ready to print."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.consignments import queries as consignments
from icargos.consignments.rules import Status
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.paper.label import Label
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service

MOST_LABELS = 1000
MOST_PAGES = 2000  # a parcel may have 99 pieces, each with a label of its own
NEVER_HANDED_OVER = {Status.CANCELLED, Status.EXPIRED}


def labels(actor: Actor, ids: Sequence[int], *, base_url: str) -> list[Label]:
    """The labels of these parcels, one for each piece, in the order asked. Needs PRINT_LABELS.

    ``base_url`` is where the QR's link starts, without a slash. Cancelled and expired parcels are left out. Raises
    NotFound for a parcel that is not the actor's, ValueError over MOST_LABELS parcels, Invalid when all are cancelled
    or their pieces are more than MOST_PAGES.
    """
    actor.require(Can.PRINT_LABELS)
    if len(ids) > MOST_LABELS:
        raise ValueError(f"at most {MOST_LABELS} parcels at once")
    account = accounts.account(actor)
    parcels = [one for one in consignments.many(actor, ids) if one.status not in NEVER_HANDED_OVER]
    if not parcels:
        raise Invalid(_("These consignments are cancelled: their labels would not be accepted."))
    if sum(parcel.pieces for parcel in parcels) > MOST_PAGES:
        raise Invalid(_("These parcels have more than %(most)d pieces. Print them in parts.") % {"most": MOST_PAGES})
    profiles = {profile_id: places.profile(actor, profile_id) for profile_id in {p.profile_id for p in parcels}}
    made = []
    for parcel in parcels:
        profile = profiles[parcel.profile_id]
        for piece in range(1, parcel.pieces + 1):
            made.append(
                Label(
                    cn=parcel.cn,
                    qr_url=f"{base_url}/q/{parcel.label_token}",
                    service=str(SERVICE_LABEL[Service(parcel.service)]),
                    sort_code=parcel.sort_code,
                    courier_name=settings.COURIER["name"],
                    courier_phone=settings.COURIER["phone"],
                    shipper_name=account.name,
                    shipper_phone=phone.display(profile.phone),
                    profile_code=profile.code,
                    return_address=profile.return_address or profile.address,
                    origin_code=parcel.origin_code,
                    origin_city=parcel.origin,
                    destination_city=parcel.destination,
                    destination_city_urdu=parcel.destination_urdu,
                    consignee_name=parcel.consignee_name,
                    consignee_phone=phone.display(parcel.consignee_phone or ""),
                    address=parcel.address or "",
                    landmark=parcel.landmark or "",
                    cod_rupees=parcel.cod_paisa // 100,
                    pieces=parcel.pieces,
                    piece=piece,
                    weight_g=parcel.weight_g,
                    length_cm=parcel.length_cm,
                    width_cm=parcel.width_cm,
                    height_cm=parcel.height_cm,
                    booked_on=timezone.localdate(parcel.booked_at),
                    order_ref=parcel.order_ref,
                    product=parcel.product,
                    remarks=parcel.remarks,
                    fragile=parcel.fragile,
                    allow_open=parcel.allow_open,
                    proof=parcel.proof,
                    reprint=parcel.labels_printed,
                )
            )
    return made
