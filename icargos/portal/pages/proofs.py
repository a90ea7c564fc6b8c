"""Proofs of delivery by the hundred: asked for in the list, made by the worker, fetched as one zip."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.dispatch import actions, queries
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.kit.errors import NotFound
from icargos.portal.pages.orders.chosen import chosen
from icargos.ui.page import AskedBy, page


@page("portal", "proofs/", name="proofs_ask", needs=Can.SEE_CONSIGNEE, methods=("POST",), owner="consignment")
def ask(request: AskedBy, actor: Actor) -> HttpResponse:
    """Ask for the proofs of the chosen parcels, and go where their progress stands."""
    zip_id = actions.ask_proofs(
        actor,
        chosen(actor, request.POST),
        base_url=request.build_absolute_uri("/").rstrip("/"),
        language=get_language() or "en",
        now=timezone.now(),
    )
    return redirect("portal:proofs", zip_id=zip_id)


@page("portal", "proofs/<int:zip_id>/", name="proofs", needs=Can.SEE_CONSIGNEE, owner="proofs")
def proofs(request: AskedBy, actor: Actor, zip_id: int) -> HttpResponse:
    """How far the zip is, or the way to it."""
    found = queries.proof_zip(actor, zip_id)
    context = {
        "zip": found,
        "parcels": len(found.ids),
        "without": len(found.ids) - found.proofs,
        "url": reverse("portal:proofs", args=[zip_id]),
        "file_url": reverse("portal:proofs_file", args=[zip_id]),
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "portal/proofs_state.html" if partial else "portal/proofs.html", context)


@page("portal", "proofs/<int:zip_id>/file/", name="proofs_file", needs=Can.SEE_CONSIGNEE, owner="proofs")
def proofs_file(request: AskedBy, actor: Actor, zip_id: int) -> HttpResponseBase:
    """The zip, streamed from the store."""
    found = queries.proof_zip(actor, zip_id)
    if found.state != "ready":
        return redirect("portal:proofs", zip_id=zip_id)
    try:
        size = blobs.size(found.file_key)
    except FileNotFoundError:
        raise NotFound(_("These proofs are not here any more. Ask for them again.")) from None
    name = f"proofs-{timezone.localdate(found.at):%Y-%m-%d}-{found.id}.zip"
    answer = StreamingHttpResponse(blobs.pieces(found.file_key), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(size)
    answer["Cache-Control"] = "no-store"
    return answer
