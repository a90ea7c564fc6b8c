"""Files of an import: the sheet to fill in, the sheet as it was sent, the wrong rows to mend in Excel, the result."""

from pathlib import Path

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

from icargos.accounts.rules import Can
from icargos.booking import queries
from icargos.ground import blobs
from icargos.kit.actor import Actor
from icargos.ui.page import AskedBy, page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("portal", "imports/sample.xlsx", name="import_sample", needs=Can.IMPORT)
def import_sample(request: AskedBy, actor: Actor) -> HttpResponse:
    """The sheet to fill in, with this shipper's services, profiles and cities."""
    return _workbook(queries.sample(actor, now=timezone.now()), "orders-sample.xlsx")


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


@page("portal", "imports/<int:import_id>/errors.xlsx", name="import_errors", needs=Can.IMPORT, owner="import")
def import_errors(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """The sheet again with its wrong rows, bad cells marked; ``?rows=all`` with every row that is not booked."""
    found = queries.one_import(actor, import_id)
    body = queries.errors_sheet(actor, found, all_rows=request.GET.get("rows") == "all")
    return _workbook(body, f"{Path(found.file_name).stem}-to-mend.xlsx")


@page("portal", "imports/<int:import_id>/result.xlsx", name="import_result", needs=Can.IMPORT, owner="import")
def import_result(request: AskedBy, actor: Actor, import_id: int) -> HttpResponse:
    """The sheet again with each row's CN, charges and outcome."""
    found = queries.one_import(actor, import_id)
    return _workbook(queries.result_sheet(actor, found), f"{Path(found.file_name).stem}-result.xlsx")


def _workbook(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=_XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
