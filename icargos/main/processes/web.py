"""The process that serves pages and the API: granian, WSGI, with threads."""

import argparse
import os

from granian import Granian
from granian.constants import Interfaces

from icargos.main import logs
from icargos.main.processes.parent import die_with_parent

# Idle keep-alive connections count too, and granian stops answering when they fill the default of 1,024.
CONNECTIONS = 4096


def main() -> None:
    """Serve until told to stop; the address comes from the arguments."""
    parser = argparse.ArgumentParser(prog="icargos web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=int(os.environ.get("ICARGOS_WEB_WORKERS", "0")) or _workers())
    parser.add_argument("--threads", type=int, default=int(os.environ.get("ICARGOS_WEB_THREADS", "8")))
    options = parser.parse_args()
    die_with_parent()
    logs.configure()
    Granian(
        "icargos.main.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=8,
        websockets=False,
        log_enabled=False,
    ).serve()


def _workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


if __name__ == "__main__":
    main()
