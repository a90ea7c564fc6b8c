"""``icargos live``: the process that keeps a stream open to every open page."""

import argparse
import resource

from granian import Granian
from granian.constants import Interfaces

from icargos.main import logs
from icargos.main.home import installation
from icargos.main.processes.parent import die_with_parent

# One stream per open page; with granian's own default it stops answering at the 1,025th.
STREAMS = 20_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)


def run(options: argparse.Namespace) -> int:
    """Serve streams until told to stop."""
    die_with_parent()
    logs.configure()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with installation():
        Granian(
            "icargos.main.processes.live:build",
            address=options.host,
            port=options.port,
            interface=Interfaces.ASGI,
            factory=True,
            workers=1,
            backlog=STREAMS,
            backpressure=STREAMS,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=3,
            websockets=False,
            log_enabled=False,
        ).serve()
    return 0
