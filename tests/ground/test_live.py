"""The live process on loopback: who may listen, and that each tenant hears of its own only."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest
from django.core import signing

from icargos.ground import live
from icargos.ground.relay import CHANNEL
from tests.cast import Cast
from tests.conftest import ROOT

OPEN: list[http.client.HTTPConnection | http.client.HTTPResponse] = []


@pytest.fixture
def port(cast: Cast, database: str) -> Iterator[int]:
    """A running ``icargos live``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-m", "icargos", "live", "--port", str(found)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if _get(found, "/healthz").status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.1)
        else:
            pytest.fail("the live process did not come up")
        yield found
    finally:
        while OPEN:
            OPEN.pop().close()
        running.terminate()
        running.wait(timeout=15)


def _get(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    OPEN.append(connection)
    connection.request("GET", path)
    answer = connection.getresponse()
    OPEN.append(answer)
    return answer


def _stream(port: int, token: str) -> http.client.HTTPResponse:
    answer = _get(port, f"/live?token={quote(token)}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"
    return answer


def _heard(answer: http.client.HTTPResponse) -> list[bytes]:
    """What comes within a second and a half."""
    assert answer.fp is not None
    answer.fp.raw._sock.settimeout(1.5)  # type: ignore[attr-defined]
    lines = []
    try:
        while line := answer.readline():
            if line.startswith(b"data:"):
                lines.append(line.strip())
    except TimeoutError:
        pass
    return lines


def test_a_stream_needs_a_token_that_is_ours_and_young(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for token in ("", "nonsense", live.token(1)[:-2] + "xx", signing.dumps({"s": 1}, salt="other")):
        assert _get(port, f"/live?token={quote(token)}").status == 403, token
    monkeypatch.setattr(time, "time", lambda now=time.time: now() - 120)
    old = live.token(1)
    monkeypatch.undo()
    assert _get(port, f"/live?token={quote(old)}").status == 403


def test_each_tenant_hears_of_its_own_and_staff_of_all(port: int, cast: Cast, database: str) -> None:
    ours, theirs = _stream(port, live.token(cast.shipper_a)), _stream(port, live.token(cast.shipper_b))
    staff = _stream(port, live.token(None))
    time.sleep(0.3)
    with psycopg.connect(database, autocommit=True) as app:
        note = f'{{"shipper": {cast.shipper_a}, "kinds": ["consignment.booked"]}}'
        app.execute("SELECT pg_notify(%s, %s)", [CHANNEL, note])
    assert _heard(ours)[-1] == b'data: {"kinds":["consignment.booked"]}'
    assert _heard(staff)[-1] == b'data: {"kinds":["consignment.booked"]}'
    assert b"consignment.booked" not in b"".join(_heard(theirs))


def test_nothing_else_is_there(port: int) -> None:
    assert _get(port, "/").status == 404
