"""Labels as one PDF: of one parcel, of those ticked in the list, of an import."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import queries as booking
from icargos.consignments import actions, queries
from icargos.consignments.queries import Filters
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid
from icargos.paper.labels import print_labels
from icargos.ui.page import AskedBy, page

MOST = booking.MOST_LABELS


@page("portal", "labels.pdf", name="labels", needs=Can.PRINT_LABELS, methods=("GET", "POST"), owner="import")
def labels(request: AskedBy, actor: Actor) -> HttpResponse:
    """The labels of the posted ``cn``s, or of ``?import=`` in the sheet's order, ``?part=`` by the thousand."""
    if request.method == "POST":
        cns = request.POST.getlist("cn")
        if not cns:
            raise Invalid(_("Tick the parcels whose labels you want."))
        if len(cns) > MOST:
            raise Invalid(_("At most %(most)d labels at once. Print them in parts.") % {"most": MOST})
        return _pdf(request, actor, queries.numbered(actor, cns), "labels")
    wanted = request.GET.get("import", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise Invalid(_("Choose what to print: tick parcels in the list, or open an import."))
    sheet = booking.one_import(actor, int(wanted))
    asked = request.GET.get("part", "")
    part = max(1, int(asked) if asked.isdecimal() and len(asked) < 10 else 1)
    ids = sorted(queries.ids(actor, Filters(import_id=sheet.id), most=100_000))[(part - 1) * MOST : part * MOST]
    if not ids:
        raise Invalid(_("This import has no parcels to print."))
    return _pdf(request, actor, ids, f"labels-import-{sheet.id}-{part}")


@page("portal", "orders/<str:cn>/label.pdf", name="label", needs=Can.PRINT_LABELS, owner="consignment")
def label(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The label of one parcel, a page for each piece."""
    parcel = queries.one(actor, cn)
    return _pdf(request, actor, [parcel.id], f"label-{parcel.cn}")


def _pdf(request: AskedBy, actor: Actor, ids: Sequence[int], name: str) -> HttpResponse:
    made = print_labels(booking.labels(actor, ids, base_url=request.build_absolute_uri("/").rstrip("/")))
    # Counted last, so that rows stay unlocked while the pages are set.
    actions.count_print(actor, ids, now=timezone.now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    # A viewer that asks for the same file again must not make it a reprint.
    response["Cache-Control"] = "private, max-age=60"
    return response
