"""The shipper's own documents at a parcel: chosen in the booking form, or attached and taken off at its page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icargos.accounts.rules import Can
from icargos.booking import actions
from icargos.booking import queries as booking
from icargos.booking.actions import DocumentRefused
from icargos.booking.rules.documents import KINDS, MOST_DOCUMENTS, File
from icargos.consignments import queries
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import Status
from icargos.kit.actor import Actor
from icargos.kit.errors import FieldProblem
from icargos.ui import files, posted
from icargos.ui.page import AskedBy, page
from icargos.ui.toasts import toast, warn
from icargos.ui.uploads import MOST_BYTES

_NEVER_TRAVEL = {Status.CANCELLED, Status.EXPIRED}


@page("portal", "orders/<str:cn>/documents/", name="documents", needs=Can.BOOK, methods=("POST",), owner="consignment")
def documents(request: AskedBy, actor: Actor, cn: str) -> HttpResponse:
    """Attach files to the parcel."""
    parcel = queries.one(actor, cn)
    kind = posted.words(request.POST, "kind", most=10)
    try:
        sent_files = _files(request, "document", kind)
        if not sent_files:
            warn(request, _("Choose a file first."))
            return redirect("portal:consignment", cn=parcel.cn)
        attached = actions.attach_documents(actor, parcel.cn, sent_files, now=timezone.now())
    except DocumentRefused as refusal:
        warn(request, refusal.message)
    else:
        told = ngettext("%(n)d document attached", "%(n)d documents attached", attached)
        toast(request, told % {"n": attached} if attached else _("This document was here already"))
    return redirect("portal:consignment", cn=parcel.cn)


@page("portal", "orders/<str:cn>/documents/<int:document_id>/", name="document", needs=Can.SEE_CONSIGNEE,
      owner="consignment")  # fmt: skip
def document(request: AskedBy, actor: Actor, cn: str, document_id: int) -> HttpResponse:
    """One document: a picture to look at, a PDF to keep."""
    return files.response(*booking.document_file(actor, queries.one(actor, cn), document_id))


@page("portal", "orders/<str:cn>/documents/<int:document_id>/remove/", name="document_remove", needs=Can.BOOK,
      methods=("POST",), owner="consignment")  # fmt: skip
def document_remove(request: AskedBy, actor: Actor, cn: str, document_id: int) -> HttpResponse:
    """Take a document off the parcel and delete it."""
    parcel = queries.one(actor, cn)
    actions.remove_document(actor, parcel.cn, document_id, now=timezone.now())
    toast(request, _("Document removed"))
    return redirect("portal:consignment", cn=parcel.cn)


def kinds() -> list[tuple[str, str]]:
    """What a document may be: code and word."""
    return [(code, _(label)) for code, label in KINDS.items()]


def sent(request: AskedBy) -> list[File]:
    """The files of a booking form, each by the field of its kind. Raises DocumentRefused where they are too long."""
    return [file for code in KINDS for file in _files(request, f"document_{code}", code)]


def shown(actor: Actor, parcel: Parcel) -> dict[str, Any]:
    """The context of ``portal/parcel_documents.html``."""
    rows = booking.documents(actor, parcel)
    open_ = Status(parcel.status) not in _NEVER_TRAVEL and len(rows) < MOST_DOCUMENTS
    return {
        "documents": files.listed(rows, parcel.cn, "portal:document"),
        "document_kinds": kinds() if open_ and actor.may(Can.BOOK) else [],
    }


def _files(request: AskedBy, name: str, kind: str) -> list[File]:
    # The files of a request that is too long were never kept: nothing else says that there were any.
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        told = _("These files are larger than 25 MB together. Attach them in parts.")
        raise DocumentRefused(told, problems=[FieldProblem("documents", "DOCUMENT", told)])
    return [File(kind, file.name or "", file.read()) for file in request.FILES.getlist(name)[: MOST_DOCUMENTS + 1]]
