"""``icargos doctor``: what is there and what is wrong, in plain words."""

import argparse
import os
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

from icargos.engine import EngineError, abandoned, find_binaries, role_faults
from icargos.engine.binaries import OLDEST_MAJOR
from icargos.main.home import home_dir, installation, say, set_up_django
from icargos.main.signins import read_signins

LEAST_FREE_BYTES = 1_000_000_000
_OLDEST_PYTHON = (3, 11)

# What a look found: True is well, False is wrong, None is only worth knowing.
Finding = tuple[bool | None, str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which ports to look at."""
    parser.add_argument("--port", type=int, default=int(os.environ.get("ICARGOS_PORT", "8000")))
    parser.add_argument("--live-port", type=int, default=int(os.environ.get("ICARGOS_LIVE_PORT", "8001")))


def run(options: argparse.Namespace) -> int:
    """Look at everything, print one line each; 1 when something is wrong."""
    wrong = 0
    for well, sentence in _look(options):
        wrong += well is False
        say(f"{ {True: 'ok   ', False: 'WRONG', None: 'note '}[well] }  {sentence}")
    say("\nNothing is wrong." if not wrong else f"\n{wrong} thing{'s are' if wrong > 1 else ' is'} wrong.")
    return 1 if wrong else 0


def _look(options: argparse.Namespace) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= _OLDEST_PYTHON, f"Python {version} at {sys.executable}"
    home = home_dir()
    yield from _look_at_home(home)
    if not os.environ.get("DATABASE_URL"):
        try:
            found = find_binaries()
            yield True, f"PostgreSQL {found.version} in {found.folder} ({found.source})"
        except EngineError as error:
            yield False, str(error)
            return
    try:
        with installation() as place:
            if place.cluster is not None:
                where = place.cluster.engine.data_dir()
                yield True, f"The embedded database runs; tables in {where}, socket in {place.cluster.socket_dir}"
            else:
                yield None, "DATABASE_URL names the database"
            yield from _look_at_database()
    except EngineError as error:
        yield False, str(error)
    for folder, gone in abandoned():
        yield None, f"{folder} holds the database of {gone}, which is gone: remove the folder if you need it no more"
    signins = read_signins(home)
    if signins:
        yield None, f"{len(signins)} demo sign-ins exist: the portal listens on this machine alone"
    for port, name in ((options.port, "pages"), (options.live_port, "live updates")):
        yield _look_at_port(port, name)


def _look_at_home(home: Path) -> Iterator[Finding]:
    yield os.access(home, os.W_OK), f"State is kept in {home}"
    if home.stat().st_mode & 0o077:
        yield False, f"Others on this machine can look into {home}: chmod 700 it"
    for name in ("secret-key", "postgres.json", "demo-signins.json"):
        if (home / name).exists() and (home / name).stat().st_mode & 0o077:
            yield False, f"Others on this machine can read {home / name}: chmod 600 it"
    free = shutil.disk_usage(home).free
    yield (
        free >= LEAST_FREE_BYTES,
        f"{free / 1e9:.1f} GB free there (at least {LEAST_FREE_BYTES / 1e9:.0f} GB is needed)",
    )


def _look_at_database() -> Iterator[Finding]:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as app:
            number = app.info.server_version
            yield number >= OLDEST_MAJOR * 10000, f"The server is PostgreSQL {number // 10000}.{number % 10000}"
            faults = role_faults(app)
            if not faults:
                yield True, f"The application signs in as {app.info.user}, whom row security binds"
            for fault in faults:
                yield False, fault
    except psycopg.Error as error:
        yield False, f"The database of DATABASE_URL does not answer: {str(error).strip()}"
        return
    if not os.environ.get("DATABASE_OWNER_URL"):
        yield None, "DATABASE_OWNER_URL is not set: `icargos migrate` needs it"
    set_up_django()
    from django.db import Error, connection

    from icargos.main import schema

    try:
        missing = schema.pending()
        count = len(missing)
        yield (
            not missing,
            "The tables are up to date" if not missing else f"{count} migrations are pending: run `icargos migrate`",
        )
    except Error:
        yield False, "The tables are not there yet: run `icargos migrate`"
    finally:
        connection.close()


def _look_at_port(port: int, name: str) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            pass
        else:
            return True, f"Port {port} is free for {name}"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=3) as answer:
            if answer.read(8).strip() == b"ok":
                return True, f"The portal answers on port {port} ({name})"
    except (urllib.error.URLError, OSError, ValueError):
        pass
    return False, f"Port {port} ({name}) is used by another programme: stop it, or choose another port"
