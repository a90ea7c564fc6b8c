"""The worker's work, done inline: facts are carried by the real relay and the real reactions run."""

from icargos.ground import relay
from icargos.main.reactions import NAMES, WANTED


def work_off() -> int:
    """Carry and react until nothing is left; returns how many facts were carried."""
    jobs: list[tuple[str, list[int]]] = []
    carried = 0
    while True:
        now = relay.carry(WANTED, lambda name, ids: jobs.append((name, ids)))
        while jobs:
            name, ids = jobs.pop(0)
            NAMES[name](relay.facts(ids))
        carried += now
        if not now:
            return carried
