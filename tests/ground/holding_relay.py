"""A relay that claims a batch, says so and then hangs inside its transaction, to be killed there."""

import sys
import time

import django

django.setup()

from icargos.ground import relay


def hang(name: str, fact_ids: list[int]) -> None:
    sys.stdout.write(f"holding {len(fact_ids)}\n")
    sys.stdout.flush()
    time.sleep(60)


relay.carry({"test.tried": ["anything"]}, hang)
