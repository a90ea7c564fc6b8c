"""The receipt of cash on delivery as a paper: handed out by the portal and the desk."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from icargos.accounts.rules import Can
from icargos.consignments.queries import Parcel
from icargos.dispatch import queries as dispatch
from icargos.finance import queries as finance
from icargos.kit.actor import Actor
from icargos.paper.cod_receipt import CodReceipt, cod_receipt_pdf
from icargos.places import queries as places
from icargos.ui import papers


def cod_receipt(request: HttpRequest, actor: Actor, parcel: Parcel) -> HttpResponse:
    """The receipt of what was collected, ``COD-<CN>.pdf``. Raises NothingCollected while there is nothing."""
    found = finance.collection(actor, parcel.id)
    proven = dispatch.proof(actor, parcel.id)
    cities = {city.id: city for city in places.cities(actor)}
    urdu = get_language() == "ur"
    origin, destination = (
        (city.urdu if urdu else "") or city.name for city in (cities[parcel.origin_id], cities[parcel.destination_id])
    )
    token = finance.receipt_token(parcel.cn, found.entry, found.amount_paisa)
    made = cod_receipt_pdf(
        CodReceipt(
            cn=parcel.cn,
            link=request.build_absolute_uri(reverse("track:receipt", args=[token])),
            courier=papers.courier(),
            shipper=papers.shipper(actor, parcel.shipper_id),
            brand=papers.brand(),
            order_ref=parcel.order_ref,
            consignee=parcel.consignee_name if actor.may(Can.SEE_CONSIGNEE) else "",
            origin=origin,
            destination=destination,
            amount_paisa=found.amount_paisa,
            method=proven.method if proven else "",
            collected_at=timezone.localtime(found.at),
            rider=proven.rider if proven else "",
            run_number=proven.run_number if proven else "",
            entry=found.entry,
            key=found.key,
            printed_at=timezone.localtime(),
            printed_by=actor.name,
        ),
        papers.tongue(),
    )
    return papers.attached(made, f"COD-{parcel.cn}")
