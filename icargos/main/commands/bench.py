"""``icargos bench``: measurements, each beside its floor in the same run; they stand in a checkout only."""

import argparse
import subprocess
import sys
from pathlib import Path

from icargos.engine import EngineError

CHECKOUT = Path(__file__).resolve().parents[3]
# measurement: module
NAMES = {
    "import": "imports", "mending": "mending", "book": "book", "api": "api", "labels": "labels", "lists": "lists",
    "papers": "papers", "scans": "scans", "track": "track",
}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which ones."""
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(NAMES)}; none means all")


def run(options: argparse.Namespace) -> int:
    """Run them one after another; the exit code is 1 when one misses its ratio."""
    if not (CHECKOUT / "bench").is_dir():
        raise EngineError("The measurements are not installed with the package: run this in a checkout.")
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        raise EngineError(f"There is no measurement {unknown[0]!r}; there are: {', '.join(NAMES)}.")
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{NAMES[name]}"], cwd=CHECKOUT, check=False).returncode
        for name in options.names or NAMES
    ]
    return 1 if any(codes) else 0
