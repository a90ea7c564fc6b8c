"""The live hub: one LISTEN for the process, fan-out in memory, server-sent events to open pages.

A stream carries only what changed ("these kinds of facts, for you"), never the data: the page asks for that itself,
behind its own fences. A page connects with a signed token that lives 60 s and holds nothing but the tenant.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import psycopg
import structlog
from django.core import signing

from icargos.ground.relay import CHANNEL

TOKEN_SECONDS = 60
BEAT_SECONDS = 15
PATIENCE = 32  # messages a slow page may lag behind before it is told to reload
MISSED = b'data: {"kinds":[]}\n\n'  # something changed, nobody knows what

log = structlog.get_logger("live")
Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def token(shipper_id: int | None) -> str:
    """What a page needs to open its stream; None is the courier's staff, who hear of every tenant."""
    return signing.dumps({"s": shipper_id}, salt="live")


def tenant_of(text: str) -> int | None:
    """The tenant a token was made for; raises signing.BadSignature when forged or older than 60 s."""
    found: dict[str, int | None] = signing.loads(text, salt="live", max_age=TOKEN_SECONDS)
    return found["s"]


class Hub:
    """The open streams of this process, by tenant."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.streams: dict[int | None, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self.listening = False

    async def listen(self) -> None:
        """Hear the relay for ever; reconnects when the database was away, and tells every page to reload then."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.address, autocommit=True) as heard:
                    await heard.execute(f"LISTEN {CHANNEL}")
                    self.listening = True
                    self._tell_all(MISSED)
                    async for note in heard.notifies():
                        self.tell(note.payload)
            except psycopg.Error as error:
                self.listening = False
                log.warning("live: lost the database", error=str(error).splitlines()[0])
                await asyncio.sleep(1)

    def tell(self, payload: str) -> None:
        """Pass one note on to the tenant's streams and to the staff's."""
        note = msgspec.json.decode(payload)
        message = b"data: " + msgspec.json.encode({"kinds": note["kinds"]}) + b"\n\n"
        for tenant in {note["shipper"], None}:
            for stream in self.streams.get(tenant, ()):
                self._put(stream, message)

    def _tell_all(self, message: bytes) -> None:
        for streams in self.streams.values():
            for stream in streams:
                self._put(stream, message)

    @staticmethod
    def _put(stream: asyncio.Queue[bytes], message: bytes) -> None:
        if stream.full():
            # A page this far behind gains nothing from the old messages: one MISSED stands for all of them.
            while not stream.empty():
                stream.get_nowait()
            message = MISSED
        stream.put_nowait(message)

    async def messages(self, tenant: int | None) -> AsyncIterator[bytes]:
        """What one page is sent, with a heartbeat while nothing happens."""
        stream: asyncio.Queue[bytes] = asyncio.Queue(PATIENCE)
        self.streams[tenant].add(stream)
        try:
            yield b": open\n\n"
            while True:
                try:
                    yield await asyncio.wait_for(stream.get(), BEAT_SECONDS)
                except TimeoutError:
                    yield b": beat\n\n"
        finally:
            self.streams[tenant].discard(stream)
            if not self.streams[tenant]:
                del self.streams[tenant]
