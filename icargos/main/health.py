"""Is the process alive, and can it serve: for load balancers and for the person who starts it."""

import structlog
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from icargos.engine import role_faults
from icargos.main import schema

log = structlog.get_logger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, else 503; which of the checks failed is in the answer, why is in the log."""
    checks = {"database": False, "migrations": False, "role": False}
    try:
        with transaction.atomic():
            connection.ensure_connection()
            faults = role_faults(connection.connection)
            checks["database"] = True
            checks["role"] = not faults
            if faults:
                log.error("not ready: the database role is not safe", faults=faults)
        missing = schema.pending()
        checks["migrations"] = not missing
        if missing:
            log.error("not ready: migrations are pending", missing=missing)
    except Error as error:
        log.error("not ready: the database does not answer", problem=str(error).strip())
    ready = all(checks.values())
    return JsonResponse(
        {"ready": ready, "checks": checks}, status=200 if ready else 503, headers={"Cache-Control": "no-store"}
    )
