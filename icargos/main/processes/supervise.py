"""Start the portal's processes, watch them, start again what dies, and stop them all in the end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

from icargos.main.processes.parent import SUPERVISOR

log = structlog.get_logger(__name__)

FIRST_WAIT = 0.5
LONGEST_WAIT = float(os.environ.get("ICARGOS_LONGEST_RESTART_WAIT", "30"))
# A process that lived this long (seconds) was well: its next death is a new story.
STEADY_AFTER = 60.0
_TICK = 0.1


@dataclass(frozen=True, slots=True)
class Program:
    """A process to keep running: its ``name`` in the log, and the Python module to run with arguments."""

    name: str
    module: str
    arguments: Sequence[str] = ()


@dataclass(slots=True)
class _Running:
    program: Program
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = field(default=0.0)


class Supervisor:
    """Keeps ``programs`` running until it is told to stop.

    ``environment`` is the whole of what they see (ours when not given).
    ``tend`` is called about ten times a second and may bring back what is not a child of ours (the database).
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str] | None = None,
        tend: Callable[[], None] | None = None,
        grace: float = 10.0,
    ) -> None:
        self._all = [_Running(program) for program in programs]
        self._environment = {**(os.environ if environment is None else environment), SUPERVISOR: str(os.getpid())}
        self._tend = tend
        self._grace = grace
        self._stopping = threading.Event()

    def run(self) -> None:
        """Run until SIGINT or SIGTERM, then stop every process and return."""
        previous = {number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stopping.is_set():
                for one in self._all:
                    self._look_at(one, time.monotonic())
                if self._tend is not None:
                    self._tend()
                self._stopping.wait(_TICK)
        finally:
            self._stop_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask ``run`` to end; from another thread."""
        self._stopping.set()

    def pids(self) -> dict[str, int]:
        """The process id of each program that runs."""
        return {one.program.name: one.child.pid for one in self._all if one.child is not None}

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _look_at(self, one: _Running, now: float) -> None:
        if one.child is None:
            if now >= one.due:
                self._start(one, now)
            return
        code = one.child.poll()
        if code is None:
            return
        # What the dead one started must not keep its port.
        _signal_group(one.child.pid, signal.SIGKILL)
        lived = now - one.started
        one.wait = FIRST_WAIT if lived >= STEADY_AFTER else one.wait
        log.error(
            "process died, starting it again",
            process=one.program.name,
            pid=one.child.pid,
            ended_by=_ending(code),
            lived_s=round(lived, 1),
            again_in_s=one.wait,
        )
        one.child, one.due = None, now + one.wait
        one.wait = min(one.wait * 2, LONGEST_WAIT)

    def _start(self, one: _Running, now: float) -> None:
        one.child = subprocess.Popen(
            [sys.executable, "-m", one.program.module, *one.program.arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            # Ctrl-C goes to the supervisor alone, which then stops the others in order.
            start_new_session=True,
        )
        one.started = now
        log.info("process started", process=one.program.name, pid=one.child.pid)

    def _stop_all(self) -> None:
        children = [one.child for one in self._all if one.child is not None]
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self._grace
        for child in children:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("process does not stop, killed", pid=child.pid)
            _signal_group(child.pid, signal.SIGKILL)
            child.wait()
        log.info("stopped")


def _signal_group(leader: int, number: signal.Signals) -> None:
    # Each child leads a session of its own, so its group holds it and its children and nothing else.
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
