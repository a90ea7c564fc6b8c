"""A server of its own for each test here, and processes that hold it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from icargos.engine import Engine
from tests.engine.servers import ROOT, Holder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine.scratch(tmp_path / "home")
    yield made
    made.erase()


@pytest.fixture
def holder(engine: Engine) -> Iterator[Holder]:
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        child = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "engine" / "holder.py"), str(engine.home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
