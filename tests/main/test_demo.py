"""The demo courier: made and lived through by the real actions, so that the books hold over all of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from icargos.engine import Cluster
from tests.conftest import ROOT


@pytest.fixture
def bare(cluster: Cluster, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation whose database is migrated and empty."""
    name = f"icargos_bare_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER icargos_owner").format(sql.Identifier(name)))
    environment = {
        **{key: value for key, value in os.environ.items() if key != "ICARGOS_AS_OWNER"},
        "ICARGOS_HOME": str(tmp_path),
        "DATABASE_URL": cluster.app_url(name),
        "DATABASE_OWNER_URL": cluster.owner_url(name),
        "PYTHONPATH": str(ROOT),
    }
    assert command(environment, "migrate").returncode == 0
    yield environment
    with psycopg.connect(cluster.admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def command(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    """One ``icargos`` command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "icargos", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


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
