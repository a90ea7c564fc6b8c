"""Find any parcel; and everything about one, for the courier's people."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from icargos.accounts import queries as accounts
from icargos.accounts.rules import Can
from icargos.booking import queries as booking
from icargos.booking.rules.pickups import FAILURES
from icargos.consignments import queries as consignments
from icargos.consignments.rules import COD_CAME, LABEL, REASONS, Status, pieces
from icargos.consignments.rules.papers import PAPERS, asked
from icargos.desk.pages.advice import answering
from icargos.dispatch import queries
from icargos.dispatch.rules.advice import AdviceState
from icargos.kit import cn as cn_format
from icargos.kit.actor import Actor
from icargos.ui import files, papers, receipt_paper, visits, wording
from icargos.ui.navigation import menu, narrowed
from icargos.ui.page import AskedBy, page

_ANSWERABLE = {AdviceState.OPEN, AdviceState.SUBMITTED, AdviceState.ACCEPTED}


@page("desk", "desk/search/", name="search", needs=Can.SEE_ALL_PARCELS)
def search(request: AskedBy, actor: Actor) -> HttpResponse:
    """Parcels of every shipper by number, phone, order ref or name; an exact number opens its parcel."""
    words = _words(request)
    rows = queries.search(actor, words) if words else []
    if len(rows) == 1 and rows[0].cn == cn_format.begins(words, settings.COURIER["cn_prefix"]):
        return redirect("desk:parcel", cn=rows[0].cn)
    here = queries.post_of(actor)
    context = {
        "station_name": here.name if here else "",
        "q": words,
        "rows": [{"it": row, "url": reverse("desk:parcel", args=[row.cn])} for row in rows],
        "sees_consignee": actor.may(Can.SEE_CONSIGNEE),
    }
    return render(request, "desk/search.html", context)


@page("desk", "desk/palette/", name="palette", needs=Can.SEE_ALL_PARCELS)
def palette(request: AskedBy, actor: Actor) -> HttpResponse:
    """A fragment with the parcels and the pages that match ``q``."""
    words = _words(request)
    rows = queries.search(actor, words, most=8) if len(words) >= 2 else []
    sees = actor.may(Can.SEE_CONSIGNEE)
    found = [
        {
            "cn": row.cn,
            "url": reverse("desk:parcel", args=[row.cn]),
            "who": f"{row.consignee_name}, {row.city}" if sees else row.city,
            "status": row.status,
        }
        for row in rows
    ]
    sections = narrowed(menu(actor, request.path), words)
    return render(
        request, "ui/parts/palette_results.html", {"q": words, "consignments": found, "actions": sections, "places": []}
    )


@page("desk", "desk/parcels/<str:cn>/", name="parcel", needs=Can.SEE_ALL_PARCELS, owner="consignment")
def parcel(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """Timeline, attempts, proof, scale and advice of one parcel."""
    found = consignments.one(actor, cn)
    sees = actor.may(Can.SEE_CONSIGNEE)
    here = queries.post_of(actor)
    tries = queries.attempts(actor, found.id)
    proof = queries.proof(actor, found.id)
    picture = "desk:picture"
    context: dict[str, Any] = {
        "station_name": here.name if here else "",
        "parcel": found,
        "sees_consignee": sees,
        "shipper": accounts.shipper_names(actor, [found.shipper_id]).get(found.shipper_id, ""),
        "history": [_line(scan, sees) for scan in reversed(consignments.timeline(actor, found))],
        "attempts": [visits.attempt(one, found.cn, picture, notes=sees) for one in reversed(tries)],
        "proof": visits.proof(proof, picture, notes=sees) if proof else None,
        "epod_url": reverse("desk:epod", args=[found.cn])
        if sees and proof and queries.is_printable(found, proof)
        else "",
        "cod_receipt_url": reverse("desk:cod_receipt", args=[found.cn]) if found.cod_state in COD_CAME else "",
        "documents": files.listed(booking.documents(actor, found), found.cn, "desk:document"),
        "piece_weights": [wording.kilos(grams) for grams in pieces.weights(found.piece_weights)],
        "signed_papers": [_(PAPERS[code]) for code in asked(found.signed_papers)],
        "weighings": queries.weighings(actor, found.id),
        "travels": queries.travels(actor, found.id),
        "question": None,
    }
    if actor.may(Can.ANSWER_ADVICE):
        last = tries[-1].advice if tries else []
        open_one = next((one for one in reversed(last) if AdviceState(one.state) in _ANSWERABLE), None)
        # Whose station it is decides the desk, so that no form stands there that would be refused.
        if open_one is not None and (actor.may(Can.APPROVE) or here) and queries.advice(actor, open_one.id):
            context["question"] = {**visits.advised(open_one, notes=sees), "id": open_one.id, **answering()}
    return render(request, "desk/parcel.html", context)


@page(
    "desk", "desk/parcels/<str:cn>/pictures/<str:name>/", name="picture", needs=Can.SEE_CONSIGNEE, owner="consignment"
)
def picture(request: AskedBy, actor: Actor, cn: str, name: str) -> HttpResponse:
    """One picture of a proof or an attempt."""
    return visits.picture_response(queries.picture(actor, consignments.one(actor, cn).id, name))


@page("desk", "desk/parcels/<str:cn>/epod.pdf", name="epod", needs=Can.SEE_CONSIGNEE, owner="consignment")
def epod(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The proof of the parcel's delivery as a paper."""
    return papers.epod(request, actor, consignments.one(actor, cn))


@page(
    "desk", "desk/parcels/<str:cn>/cod-receipt.pdf", name="cod_receipt", needs=Can.SEE_ALL_PARCELS, owner="consignment"
)
def cod_receipt(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """The receipt of the cash that was collected, as a paper."""
    return receipt_paper.cod_receipt(request, actor, consignments.one(actor, cn))


@page(
    "desk",
    "desk/parcels/<str:cn>/documents/<int:document_id>/",
    name="document",
    needs=Can.SEE_CONSIGNEE,
    owner="consignment",
)
def document(request: AskedBy, actor: Actor, cn: str, document_id: int) -> HttpResponse:
    """One of the shipper's documents at the parcel."""
    return files.response(*booking.document_file(actor, consignments.one(actor, cn), document_id))


def _words(request: AskedBy) -> str:
    return request.GET.get("q", "").strip()[:100].replace("\x00", "")


def _line(scan: consignments.Scan, sees: bool) -> dict[str, Any]:
    known = scan.code in set(Status)
    title = _(LABEL[Status(scan.code)]) if known else scan.code
    said = REASONS.get(scan.reason) or FAILURES.get(scan.reason)
    reason = _(said.label) if said else ""
    note = scan.note if sees else ""
    detail = " · ".join(
        part for part in (reason, scan.city, scan.actor_name, wording.source(scan.source), note) if part
    )
    return {"title": title, "detail": detail, "at": scan.at, "status": scan.code if known else ""}
