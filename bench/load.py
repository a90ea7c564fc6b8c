"""A small load: so many requests over so many keep-alive connections, from one thread."""

import re
import selectors
import socket
import time
from collections.abc import Sequence

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
LONGEST_S = 120
# What every browser says, so that the figures hold what it costs to answer one.
BROWSER = "Host: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n"


class _Line:
    """One connection with at most one request in flight."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self.began = 0.0

    def ask(self, request: bytes) -> None:
        self.got = b""
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def answered(self, status: int) -> bool:
        """Read what has come; whether the answer is complete. Raises ConnectionError on any other status."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.got += more
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 %d" % status):
            raise ConnectionError(head.partition(b"\r\n")[0].decode())
        length = LENGTH.search(head)
        if length is None:
            raise ConnectionError("an answer without Content-Length")
        return len(body) >= int(length[1])


def get(port: int, paths: Sequence[str], *, connections: int) -> list[float]:
    """Ask for every path once, in order, over that many connections; returns the seconds each answer took.

    Raises ConnectionError for an answer that is not 200, TimeoutError when all of it takes over two minutes.
    """
    asked = [f"GET {path} HTTP/1.1\r\n{BROWSER}\r\n".encode() for path in paths]
    return send(port, asked, connections=connections, status=200)


def send(port: int, requests: Sequence[bytes], *, connections: int, status: int) -> list[float]:
    """The same for whole requests, each to be answered with ``status``."""
    lines = [_Line(port) for _ in range(min(connections, len(requests)))]
    taken: list[float] = []
    left = iter(requests)
    until = time.monotonic() + LONGEST_S
    with selectors.DefaultSelector() as ready:
        for line in lines:
            ready.register(line.socket, selectors.EVENT_READ, line)
            line.ask(next(left))
        while len(taken) < len(requests):
            if time.monotonic() > until:
                raise TimeoutError(f"{len(taken)} of {len(requests)} answers in {LONGEST_S} s")
            for key, _ in ready.select(timeout=1):
                line = key.data
                if line.answered(status):
                    taken.append(time.perf_counter() - line.began)
                    request = next(left, None)
                    if request is not None:
                        line.ask(request)
    for line in lines:
        line.socket.close()
    return taken
