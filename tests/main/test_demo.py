"""The demo courier: made and lived through by the real actions, so that the books hold over all of it."""

import json
from pathlib import Path

import psycopg

from tests.main.conftest import command


def test_the_demo_world_is_made_lives_on_and_its_books_hold(bare: dict[str, str]) -> None:
    made = command(bare, "demo")
    assert made.returncode == 0, made.stderr
    signins = json.loads((Path(bare["ICARGOS_HOME"]) / "demo-signins.json").read_text())
    assert {one["role"].partition(",")[0] for one in signins} >= {"owner", "operations", "finance", "dispatch", "rider"}
    assert command(bare, "check-books").returncode == 0

    lived = command(bare, "simulate", "--rate", "4", "--seconds", "7")
    assert lived.returncode == 0, lived.stderr
    checked = command(bare, "check-books")
    assert (checked.returncode, checked.stdout.strip()) == (
        0,
        "The books hold: ledger, balances, counters and parcels say the same.",
    )
    with psycopg.connect(bare["DATABASE_OWNER_URL"]) as owner:
        rows = owner.execute("SELECT status::text, count(*) FROM consignments_consignment GROUP BY 1").fetchall()
    counts: dict[str, int] = dict(rows)
    assert counts["delivered"] > 200
    assert len(counts) >= 4

    # A fault is found, by the same command.
    with psycopg.connect(bare["DATABASE_OWNER_URL"]) as owner:
        owner.execute("UPDATE consignments_tally SET n = n + 1")
    broken = command(bare, "check-books")
    assert broken.returncode == 1
    assert "number of parcels" in broken.stdout
