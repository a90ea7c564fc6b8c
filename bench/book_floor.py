"""The portal with one address more, for measuring only: ``/floor`` inserts one row and commits it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from icargos.main.wsgi import application as portal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``/floor`` answers beside Django's request handling; all else is the portal's."""
    if environ["PATH_INFO"] != "/floor":
        return portal(environ, start_response)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_floor (said) VALUES (%s) RETURNING id", ["one bare row"])
        body = str(cursor.fetchone()[0]).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
