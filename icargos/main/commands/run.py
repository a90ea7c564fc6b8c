"""``icargos run``: the whole portal in one command."""

import argparse
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import structlog

from icargos.engine import Cluster, EngineError
from icargos.main import logs
from icargos.main.home import Installation, installation, say
from icargos.main.processes.parent import SUPERVISOR, die_with_parent
from icargos.main.processes.supervise import Program, Supervisor
from icargos.main.signins import read_signins, settle_signins, table

log = structlog.get_logger(__name__)
LIFE_EVERY_S = 3.0  # in the demo world something happens about this often


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default=os.environ.get("ICARGOS_HOST", "127.0.0.1"), help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("ICARGOS_PORT", "8000")), help="port of the pages"
    )
    parser.add_argument(
        "--live-port", type=int, default=int(os.environ.get("ICARGOS_LIVE_PORT", "8001")), help="port of live updates"
    )
    parser.add_argument(
        "--allow-demo-on-network",
        action="store_true",
        help="listen on another address than this machine's own although demo sign-ins exist",
    )
    parser.add_argument(
        "--still",
        action="store_true",
        default=os.environ.get("ICARGOS_STILL", "") in {"1", "true", "yes"},
        help="do not let time pass in the demo world",
    )


def run(options: argparse.Namespace) -> int:
    """Start everything and watch it until Ctrl-C."""
    die_with_parent(signal.SIGTERM)
    logs.configure()
    began = time.monotonic()
    for port in (options.port, options.live_port):
        _refuse_port_in_use(options.host, port)
    with installation() as place:
        os.environ.update(_addresses(options))
        found = _prepare()
        settle_signins(place.home, people=found["demo_people"])
        demo = place.cluster is not None and found["demo_people"] > 0
        if place.cluster is not None and not read_signins(place.home):
            _step("icargos", "demo")
            demo = True
        _refuse_demo_on_network(options, place, found)
        supervisor = Supervisor(
            _programs(options, moving=demo and not options.still),
            # What serves strangers never sees the owner's password.
            environment={name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
            tend=_Database(place.cluster).tend if place.cluster else None,
        )
        announcer = threading.Thread(target=_announce, args=(options, place, began), daemon=True)
        announcer.start()
        supervisor.run()
    return 0


def _programs(options: argparse.Namespace, *, moving: bool) -> list[Program]:
    life = [Program("life", "icargos", ("simulate", "--steady", f"{LIFE_EVERY_S:g}"))]
    return [
        Program("web", "icargos.main.processes.web", ("--host", options.host, "--port", str(options.port))),
        Program("live", "icargos", ("live", "--host", options.host, "--port", str(options.live_port))),
        Program("worker", "icargos", ("work",)),
        *(life if moving else []),
    ]


def _addresses(options: argparse.Namespace) -> dict[str, str]:
    shown = _shown_host(options.host)
    names = {shown} if shown not in {"127.0.0.1", "localhost"} else {"127.0.0.1", "localhost"}
    wanted = {
        "ICARGOS_LIVE_ORIGIN": f"http://{shown}:{options.live_port}",
        "ICARGOS_PAGE_ORIGINS": ",".join(sorted(f"http://{name}:{options.port}" for name in names)),
    }
    if shown not in {"127.0.0.1", "localhost"}:
        wanted["ICARGOS_HOSTS"] = f"127.0.0.1,localhost,{shown}"
    return {name: value for name, value in wanted.items() if name not in os.environ}


def _shown_host(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  (compared, not bound)
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _prepare() -> dict[str, int]:
    said = _step("icargos.main.processes.prepare", capture=True)
    answer: dict[str, int] = json.loads(said)
    return answer


def _step(module: str, *words: str, capture: bool = False) -> str:
    """Run a preparing step as a process of its own and wait for it."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, SUPERVISOR: str(os.getpid())},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode < 0 or done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode:
        raise EngineError("The portal was not started; the lines above say why.")
    return done.stdout


def _refuse_port_in_use(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise EngineError(
                f"Port {port} of {host} cannot be used ({error.strerror}): stop what listens there, "
                "or choose another with --port and --live-port."
            ) from error


def _refuse_demo_on_network(options: argparse.Namespace, place: Installation, found: dict[str, int]) -> None:
    if _is_loopback(options.host) or options.allow_demo_on_network:
        return
    if found["demo_people"] or read_signins(place.home):
        raise EngineError(
            f"Demo sign-ins exist, so the portal does not listen on {options.host}, where others could use them. "
            "Say --allow-demo-on-network if that is what you want."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _announce(options: argparse.Namespace, place: Installation, began: float) -> None:
    """Say where the portal is once it answers."""
    url = f"http://{_shown_host(options.host)}:{options.port}/"
    probe = f"http://{_shown_host(options.host) if _is_loopback(options.host) else '127.0.0.1'}:{options.port}/readyz"
    for _ in range(300):
        try:
            with urllib.request.urlopen(probe, timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        say(f"\nThe portal does not answer at {url}; the lines above say why.")
        return
    say(f"\nThe portal is ready after {time.monotonic() - began:.1f} s:  {url}\n")
    signins = read_signins(place.home)
    if signins:
        say("Demo sign-ins (made for this installation):")
        say(table(signins))
    say("\nCtrl-C stops it.\n")


class _Database:
    """Brings the embedded server back when it dies while the portal runs."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._next_look = 0.0

    def tend(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + 1.0
        if self._cluster.is_alive():
            return
        log.error("database died, starting it again")
        try:
            self._cluster.engine.start()
        except EngineError as error:
            log.error("database does not start", problem=str(error))
            self._next_look = time.monotonic() + 10.0
