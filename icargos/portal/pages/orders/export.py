"""The list, or the chosen rows of it, as a file."""

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.consignments import actions, queries
from icargos.consignments.queries import Filters
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.kit.xlsx import MOST_ROWS
from icargos.portal.pages.orders.asked import asked
from icargos.portal.pages.orders.chosen import chosen
from icargos.portal.pages.orders.words import in_a_file
from icargos.ui.lists.files import Format, Sheet, response
from icargos.ui.page import AskedBy, page


@page("portal", "orders-export/", name="orders_export", needs=Can.SEE_ORDERS)
def export(request: AskedBy, actor: Actor) -> HttpResponseBase:
    """All that match the address, as ``as=csv`` or ``as=xlsx``."""
    return _file(actor, asked(actor, request.GET).filters, request.GET.get("as", ""))


@page("portal", "orders-take/", name="orders_take", needs=Can.SEE_ORDERS, methods=("POST",), owner="consignment")
def take(request: AskedBy, actor: Actor) -> HttpResponseBase:
    """The chosen parcels, in the same two ways."""
    return _file(actor, Filters(only=tuple(chosen(actor, request.POST))), request.POST.get("as", ""))


def _file(actor: Actor, filters: Filters, wanted: str) -> HttpResponseBase:
    """The file; it is noted who took it out."""
    fmt: Format = "xlsx" if wanted == "xlsx" else "csv"
    parcels = queries.count(actor, filters, most=MOST_ROWS)
    if fmt == "xlsx" and parcels > MOST_ROWS:
        raise Invalid(_("A sheet holds no more than %(most)s rows. Take the CSV.") % {"most": f"{MOST_ROWS:,}"})
    now = timezone.now()
    actions.note_export(actor, fmt=fmt, parcels=parcels, now=now)
    table = queries.table(actor, filters, in_a_file())
    headings = _headings()
    sheet = Sheet(
        [headings[name] for name, _kind in table.columns],
        [kind for _name, kind in table.columns],
        table.sql,
        table.params,
    )
    return response(actor, sheet, fmt, f"orders-{timezone.localtime(now):%Y-%m-%d-%H%M}")


def _headings() -> dict[str, str]:
    return {
        "cn": _("CN"),
        "order_ref": _("Order ref"),
        "status": _("Status"),
        "status_at": _("Updated"),
        "reason": _("Rider outcome"),
        "attempts": _("Attempts"),
        "consignee_name": _("Consignee"),
        "consignee_phone": _("Phone"),
        "address": _("Address"),
        "landmark": _("Landmark"),
        "origin": _("Origin"),
        "destination": _("Destination"),
        "service": _("Service"),
        "pieces": _("Pieces"),
        "weight": _("Weight (kg)"),
        "cod": _("COD (Rs)"),
        "cod_state": _("COD stands"),
        "product": _("Product"),
        "profile": _("Pickup profile"),
        "source": _("Source"),
        "import": _("Import"),
        "tags": _("Tags"),
        "labels_printed": _("Labels printed"),
        "booked_at": _("Booked"),
    }
