"""How a shipper's labels look: format, order, what is hidden, the logo; with a label to try a printer with."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking import actions, queries
from icargos.booking.rules.printing import Wanted
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.paper.formats import FORMATS
from icargos.paper.labels import print_labels
from icargos.paper.preview import preview
from icargos.portal import formats
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast

_WIDE = 900  # pixels of a preview


@page("portal", "settings/labels/", name="label_settings", needs=Can.PRINT_LABELS, methods=("GET", "POST"))
def label_settings(request: AskedBy, actor: Actor) -> HttpResponse:
    """The settings; a POST keeps them. A change on the page asks for the sample as it would look with it."""
    style = queries.label_style(actor)
    asked = request.POST if request.method == "POST" else request.GET
    code = asked.get("format", style.wanted.form)
    if request.method != "POST" and code not in FORMATS:
        code = style.wanted.form
    wanted = formats.wanted(asked, style.wanted, code)
    if request.method == "POST":
        actions.set_label_style(actor, wanted, now=timezone.now())
        toast(request, _("Labels will be printed like this from now on"))
        answer = redirect("portal:label_settings")
        formats.remember(answer, wanted.form)
        return answer
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "portal/label_sample.html", _sample(wanted))
    return _page(request, actor, wanted)


@page("portal", "settings/labels/logo/", name="label_logo", needs=Can.PRINT_LABELS, methods=("GET", "POST"))
def label_logo(request: AskedBy, actor: Actor) -> HttpResponse:
    """The logo as a picture; a POST puts another one on the labels, or takes it off."""
    style = queries.label_style(actor)
    if request.method != "POST":
        if not style.logo:
            raise NotFound(_("There is no logo here."))
        answer = HttpResponse(style.logo, content_type="image/png")
        answer["Cache-Control"] = "private, no-cache"
        return answer
    if request.POST.get("remove"):
        actions.set_logo(actor, b"", now=timezone.now())
        toast(request, _("The logo is off the labels"))
        return redirect("portal:label_settings")
    sent = request.FILES.get("logo")
    try:
        if sent is None:
            raise actions.LogoRefused(_("Choose the picture of your logo first."))
        actions.set_logo(actor, sent.read() or b"\0", now=timezone.now())
    except actions.LogoRefused as refusal:
        return _page(request, actor, style.wanted, errors={"logo": refusal.message}, status=422)
    toast(request, _("The logo is on the labels"))
    return redirect("portal:label_settings")


@page("portal", "settings/labels/sample/", name="label_sample", needs=Can.PRINT_LABELS)
def label_sample(request: AskedBy, actor: Actor) -> HttpResponse:
    """A sheet of sample labels, to try a printer with; ``?as=picture`` the same as a PNG. No parcel has its number."""
    code = formats.format_code(request, actor, request.GET.get("format", ""))
    wanted = formats.wanted(request.GET, queries.label_style(actor).wanted, code)
    form = FORMATS[wanted.form]
    shown = [queries.sample_label(actor, wanted, today=timezone.localdate())] * form.places
    if request.GET.get("as") == "picture":
        answer = HttpResponse(preview(shown, form, width=_WIDE), content_type="image/png")
    elif form.dots:
        answer = HttpResponse(print_labels(shown, form), content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="sample-{form.code}.zpl"'
    else:
        answer = HttpResponse(print_labels(shown, form), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="sample-{form.code}.pdf"'
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _page(
    request: AskedBy, actor: Actor, wanted: Wanted, *, errors: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    style = queries.label_style(actor)
    context = {
        **_sample(wanted),
        "formats": formats.choices(wanted.form),
        "sortings": formats.sortings(wanted.sorting),
        "wanted": wanted,
        "has_logo": bool(style.logo),
        "logo_url": reverse("portal:label_logo"),
        "changed_by": style.changed_by,
        "errors": errors or {},
    }
    return render(request, "portal/label_settings.html", context, status=status)


def _sample(wanted: Wanted) -> dict[str, Any]:
    asked = {"format": wanted.form, "options": "1", "mask_phone": "1" if wanted.mask_phone else ""}
    asked["hide_product"] = "1" if wanted.hide_product else ""
    query = urlencode({name: value for name, value in asked.items() if value})
    across, down = FORMATS[wanted.form].page
    url = f"{reverse('portal:label_sample')}?{query}"
    return {"sample_url": url, "preview_url": f"{url}&as=picture", "shape": "wide" if across > down else "tall"}
