"""Labels ready to print."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.consignments import queries as consignments
from icargos.kit import phone
from icargos.kit.actor import Actor
from icargos.paper.label import Label
from icargos.places import queries as places
from icargos.tariff.rules import SERVICE_LABEL, Service

MOST_LABELS = 1000


def labels(actor: Actor, ids: Sequence[int], *, base_url: str) -> list[Label]:
    """The labels of these parcels, one for each piece, in the order asked. Needs PRINT_LABELS.

    ``base_url`` is where the QR's link starts, without a slash. Raises NotFound for a parcel that is not the
    actor's and ValueError over MOST_LABELS parcels.
    """
    actor.require(Can.PRINT_LABELS)
    if len(ids) > MOST_LABELS:
        raise ValueError(f"at most {MOST_LABELS} parcels at once")
    account = accounts.account(actor)
    profiles = {p.id: p for p in places.profiles(actor)}
    made = []
    for parcel in consignments.many(actor, ids):
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
