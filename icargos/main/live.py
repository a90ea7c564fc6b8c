"""The live process: a small ASGI application that streams changes to open pages. Loaded by ``processes.live``."""

import asyncio
import contextlib
import os
from urllib.parse import parse_qs

from django.conf import settings
from django.core import signing

from icargos.ground.live import Hub, Receive, Scope, Send, tenant_of

hub = Hub(settings.DATABASE_URL)
_PAGE_ORIGINS = {o.encode() for o in os.environ.get("ICARGOS_PAGE_ORIGINS", "").split(",") if o}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """``/live?token=...`` streams; ``/healthz`` answers; all else is 404."""
    if scope["type"] == "lifespan":
        await _live_through(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live_through(receive: Receive, send: Send) -> None:
    listening: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            listening = asyncio.create_task(hub.listen())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if listening is not None:
                listening.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/healthz":
        await _short(send, 200 if hub.listening else 503, b"ok\n" if hub.listening else b"no database\n")
        return
    if scope["path"] != "/live":
        await _short(send, 404, b"There is nothing here.\n")
        return
    given = parse_qs(scope["query_string"].decode()).get("token", [""])[0]
    try:
        tenant = tenant_of(given)
    except (signing.BadSignature, KeyError, TypeError):
        await _short(send, 403, b"This stream token is not valid any more. Reload the page.\n")
        return
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"vary", b"origin"),
        (b"x-accel-buffering", b"no"),
    ]
    origin = dict(scope["headers"]).get(b"origin", b"")
    if origin in _PAGE_ORIGINS:
        headers.append((b"access-control-allow-origin", origin))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.create_task(_until_gone(receive))
    messages = hub.messages(tenant)
    try:
        while True:
            coming = asyncio.ensure_future(anext(messages))
            await asyncio.wait({coming, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                coming.cancel()
                with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                    await coming
                return
            await send({"type": "http.response.body", "body": coming.result(), "more_body": True})
    finally:
        gone.cancel()
        await messages.aclose()  # type: ignore[attr-defined]


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _short(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
