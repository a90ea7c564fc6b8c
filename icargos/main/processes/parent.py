"""A child that must not outlive its supervisor, however that one ended."""

import ctypes
import os
import signal
import sys
import threading
import time

SUPERVISOR = "ICARGOS_SUPERVISOR_PID"
_PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Arrange to get the signal ``number`` when the parent process dies; nothing happens when nobody supervises us."""
    if not os.environ.get(SUPERVISOR):
        return
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number)
        # The parent may have died before the call above.
        if os.getppid() != parent:
            os._exit(1)
        return
    threading.Thread(target=_watch, args=(parent, number), daemon=True).start()


def _watch(parent: int, number: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), number)
