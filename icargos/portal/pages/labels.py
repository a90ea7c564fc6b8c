"""Labels: the page that shows them before they are printed, the act of printing, and the print's file."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions
from icargos.booking import queries as booking
from icargos.booking.queries import Printed
from icargos.booking.rules.printing import Wanted
from icargos.consignments import queries
from icargos.consignments.queries import Filters, Parcel
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.kit.errors import Invalid, NotFound
from icargos.paper.formats import FORMATS
from icargos.paper.preview import preview as drawn
from icargos.portal import formats
from icargos.portal.pages.orders.chosen import chosen
from icargos.ui.page import AskedBy, page

MOST = booking.MOST_LABELS
_WIDE = 900  # pixels of a preview
_SELECTION = ("cn", "import", "part", "print")


@page("portal", "labels/", name="labels", needs=Can.PRINT_LABELS, methods=("GET", "POST"), owner="import")
def labels(request: AskedBy, actor: Actor) -> HttpResponse:
    """The labels of the ``cn``s, of ``import`` in the sheet's order (``part`` by the thousand), of a draft ``print``.

    GET shows them with what may be chosen, and counts nothing. POST prints them in ``format`` and answers with the way
    to the file; with ``choose`` it only puts them aside to be looked at.
    """
    if request.method != "POST":
        return _shown(request, actor, _chosen(actor, request.GET), request.GET)
    ids = _chosen(actor, request.POST)
    if request.POST.get("choose"):
        return redirect("portal:print", print_id=actions.choose_labels(actor, ids, now=timezone.now()))
    return printed(request, actor, ids, request.POST)


def printed(request: AskedBy, actor: Actor, ids: Sequence[int], asked: Mapping[str, str]) -> HttpResponseRedirect:
    """Print these parcels' labels as ``asked``, and go to the file, or to the page that waits for it."""
    form = formats.format_code(request, actor, asked.get("format", ""))
    wanted = formats.wanted(asked, booking.label_style(actor).wanted, form)
    base_url = request.build_absolute_uri("/").rstrip("/")
    print_id = actions.print_labels(actor, ids, wanted, base_url=base_url, now=timezone.now())
    made = booking.one_print(actor, print_id)
    if made.state == "ready":
        answer = HttpResponseRedirect(_file_url(made, save=bool(asked.get("save"))))
    else:
        answer = HttpResponseRedirect(reverse("portal:print", args=[print_id]))
    formats.remember(answer, form)
    return answer


@page("portal", "orders/<str:cn>/label/", name="label", needs=Can.PRINT_LABELS, owner="consignment")
def label(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The label of one parcel, to look at and to print."""
    parcel = queries.one(actor, cn)
    asked = request.GET.copy()
    asked.setlist("cn", [parcel.cn])
    return _shown(request, actor, [parcel.id], asked)


@page("portal", "labels/<int:print_id>/", name="print", needs=Can.PRINT_LABELS, owner="print")
def one_print(request: AskedBy, actor: Actor, print_id: int) -> HttpResponse:
    """A print: a draft to look at, how far the worker is, or the way to the file."""
    found = booking.one_print(actor, print_id)
    if found.state == "draft":
        asked = request.GET.copy()
        asked["print"] = str(print_id)
        return _shown(request, actor, found.ids, asked)
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    context = {
        "print": found,
        "title": formats.title(found.wanted.form),
        "is_file": bool(FORMATS[found.wanted.form].dots),
        "url": reverse("portal:print", args=[print_id]),
        "file_url": _file_url(found),
        "save_url": _file_url(found, save=True),
        "again_url": f"{reverse('portal:orders')}",
    }
    answer = render(request, "portal/print_state.html" if partial else "portal/print.html", context)
    if partial and found.state == "ready" and not FORMATS[found.wanted.form].dots:
        answer["HX-Redirect"] = _file_url(found)
    return answer


@page("portal", "labels/<int:print_id>/file/", name="print_file", needs=Can.PRINT_LABELS, owner="print")
def print_file(request: AskedBy, actor: Actor, print_id: int) -> HttpResponse:
    """The print's file: the same however often it is asked for; ``?save=1`` to keep it instead of opening it."""
    found = booking.one_print(actor, print_id)
    if found.state != "ready":
        return redirect("portal:print", print_id=print_id)
    try:
        with blobs.opened(found.file_key) as file:
            data = file.read()
    except FileNotFoundError:
        raise NotFound(_("This print is not here any more. Print the labels again.")) from None
    zpl = bool(FORMATS[found.wanted.form].dots)
    answer = HttpResponse(data, content_type="text/plain; charset=utf-8" if zpl else "application/pdf")
    how = "attachment" if zpl or request.GET.get("save") else "inline"
    name = f"labels-{found.id}-{found.wanted.form}.{'zpl' if zpl else 'pdf'}"
    answer["Content-Disposition"] = f'{how}; filename="{name}"'
    answer["Cache-Control"] = "private, max-age=3600, immutable"
    return answer


@page("portal", "labels/preview/", name="label_preview", needs=Can.PRINT_LABELS, owner="import")
def label_preview(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment: the picture of one page of what would be printed, and its place among the others."""
    context = _preview(request, actor, _chosen(actor, request.GET), request.GET)
    return render(request, "portal/label_preview.html", {**context, "swap": True})


@page("portal", "labels/preview.png", name="label_picture", needs=Can.PRINT_LABELS, owner="import")
def label_picture(request: AskedBy, actor: Actor) -> HttpResponse:
    """The page that begins with the ``n``th label, as a PNG."""
    ids = _chosen(actor, request.GET)
    wanted = _wanted(request, actor, request.GET)
    parcels = booking.printable(actor, ids, wanted.sorting)
    form = FORMATS[wanted.form]
    n = min(_number(request.GET.get("n", "")), _pieces(parcels))
    some, skipped = _from(parcels, n, form.places)
    base_url = request.build_absolute_uri("/").rstrip("/")
    made = booking.labels(actor, some, wanted, base_url=base_url)[skipped:]
    start = wanted.start if n == 1 else 0
    answer = HttpResponse(drawn(made, form, width=_WIDE, start=start), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=60"
    return answer


def _chosen(actor: Actor, asked: QueryDict) -> Sequence[int]:
    """The ids of what is to be printed. Raises Invalid where nothing is named, or too much."""
    if asked.get("all"):
        found = chosen(actor, asked)
        if asked.get("part"):
            part = _number(asked.get("part", ""))
            found = found[(part - 1) * MOST : part * MOST]
        if not 0 < len(found) <= MOST:
            raise Invalid(_("At most %(most)d labels at once. Print them in parts.") % {"most": MOST})
        return found
    if cns := asked.getlist("cn"):
        if len(cns) > MOST:
            raise Invalid(_("At most %(most)d labels at once. Print them in parts.") % {"most": MOST})
        return queries.numbered(actor, cns)
    draft = asked.get("print", "")
    if draft.isdecimal() and len(draft) <= 18:
        return booking.one_print(actor, int(draft)).ids
    sheet_id = asked.get("import", "")
    if not sheet_id.isdecimal() or len(sheet_id) > 18:
        raise Invalid(_("Choose what to print: tick parcels in the list, or open an import."))
    sheet = booking.one_import(actor, int(sheet_id))
    part = _number(asked.get("part", ""))
    ids = sorted(queries.ids(actor, Filters(import_id=sheet.id), most=100_000))[(part - 1) * MOST : part * MOST]
    if not ids:
        raise Invalid(_("This import has no parcels to print."))
    return ids


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


def _pieces(parcels: Sequence[Parcel]) -> int:
    return sum(parcel.pieces for parcel in parcels)


def _from(parcels: Sequence[Parcel], n: int, count: int) -> tuple[list[Parcel], int]:
    """The parcels that show ``count`` labels from the ``n``th on, and how many of the first one's come before."""
    some: list[Parcel] = []
    before = taken = 0
    for parcel in parcels:
        if before + taken + parcel.pieces < n:
            before += parcel.pieces
            continue
        some.append(parcel)
        taken += parcel.pieces
        if before + taken >= n + count - 1:
            break
    return some, n - 1 - before


def _wanted(request: AskedBy, actor: Actor, asked: QueryDict) -> Wanted:
    form = formats.format_code(request, actor, asked.get("format", ""))
    return formats.wanted(asked, booking.label_style(actor).wanted, form)


def _shown(request: AskedBy, actor: Actor, ids: Sequence[int], asked: QueryDict) -> HttpResponse:
    """The page with the preview, the formats and the options."""
    wanted = _wanted(request, actor, asked)
    context = {
        **_preview(request, actor, ids, asked),
        "wanted": wanted,
        "formats": formats.choices(wanted.form),
        "sortings": formats.sortings(wanted.sorting),
        "selection": [(name, value) for name in _SELECTION for value in asked.getlist(name)],
        "orders_url": reverse("portal:orders"),
        "sample_url": reverse("portal:label_sample"),
    }
    return render(request, "portal/labels.html", context)


def _preview(request: AskedBy, actor: Actor, ids: Sequence[int], asked: QueryDict) -> dict[str, Any]:
    wanted = _wanted(request, actor, asked)
    parcels = booking.printable(actor, ids, wanted.sorting)
    form = FORMATS[wanted.form]
    total = _pieces(parcels)
    n = min(_number(asked.get("n", "")), total)
    kept = [(name, value) for name in _SELECTION for value in asked.getlist(name)]
    options = {
        "options": "1",
        "format": wanted.form,
        "sorting": wanted.sorting,
        "mask_phone": "1" if wanted.mask_phone else "",
        "hide_product": "1" if wanted.hide_product else "",
        "start": str(wanted.start + 1),
    }

    def query(place: int) -> str:
        return urlencode([*kept, *((name, value) for name, value in options.items() if value), ("n", str(place))])

    fragment, picture = reverse("portal:label_preview"), reverse("portal:label_picture")
    last = min(n + form.places - 1 - (wanted.start if n == 1 else 0), total)
    return {
        "picture_url": f"{picture}?{query(n)}",
        "previous_url": f"{fragment}?{query(max(1, n - form.places))}" if n > 1 else "",
        "next_url": f"{fragment}?{query(last + 1)}" if last < total else "",
        "n": n,
        "last": last,
        "parcels": len(parcels),
        "labels": total,
        "printed": sum(parcel.labels_printed > 0 for parcel in parcels),
        "left_out": len(ids) - len(parcels),
        "shape": "wide" if form.page[0] > form.page[1] else "tall",
        "start_places": range(1, form.places + 1) if form.places > 1 else (),
        "first": wanted.start + 1,
    }


def _file_url(found: Printed, *, save: bool = False) -> str:
    return reverse("portal:print_file", args=[found.id]) + ("?save=1" if save else "")
