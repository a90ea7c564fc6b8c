"""Files that shippers attached to a parcel, as every door lists them and gives them out."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from icargos.booking.queries import DocumentRow
from icargos.booking.rules.documents import KINDS


def listed(rows: Sequence[DocumentRow], cn: str, view: str) -> list[dict[str, Any]]:
    """Documents for ``ui/parts/documents.html``; ``view`` is the door's route for one of them."""
    return [
        {
            "id": row.id,
            "kind": _(KINDS[row.what]),
            "name": row.name,
            "size": filesizeformat(row.size),
            "by": row.by_name,
            "at": row.at,
            "sha256": row.sha256,
            "url": reverse(view, args=[cn, row.id]),
            "opens": row.media.startswith("image/"),
            "removable": row.removable,
        }
        for row in rows
    ]


def response(row: DocumentRow, data: bytes) -> HttpResponse:
    """The document. Only pictures, which we made anew, open in the browser; nothing in it runs either way."""
    answer = HttpResponse(data, content_type=row.media)
    picture = row.media.startswith("image/")
    answer["Content-Disposition"] = content_disposition_header(not picture, row.name) or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
