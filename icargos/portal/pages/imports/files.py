"""Files of an import: the sheet to fill in, the sheet as it was sent, the wrong rows to mend in Excel, the result."""

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone

from icargos.accounts.rules import Can
from icargos.booking import queries
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.ui.page import AskedBy, page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("portal", "imports/sample.xlsx", name="import_sample", needs=Can.IMPORT)
def import_sample(request: AskedBy, actor: Actor) -> HttpResponse:
    """The sheet to fill in, with this shipper's services, profiles and cities."""
    response = HttpResponse(queries.sample(actor, now=timezone.now()), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="orders-sample.xlsx"'
    return response


@page("portal", "imports/<int:import_id>/file/", name="import_file", needs=Can.IMPORT, owner="import")
def import_file(request: AskedBy, actor: Actor, import_id: int) -> HttpResponseBase:
    """The very file that was sent, as a download under the name it had."""
    found = queries.one_import(actor, import_id)
    return FileResponse(
        blobs.opened(found.file_key),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )
