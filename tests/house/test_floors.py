"""The floors and rooms, held by import-linter; and proof that it would notice.

Violations are planted in a copy of the package, one at a time, and the named contract must break.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLANTED = {
    "a lower floor imports a higher one": ("accounts/queries.py", "from icargos.booking import actions", "Floors"),
    "a floor imports its neighbour": ("tariff/queries.py", "from icargos.consignments import rules", "Floors"),
    "a door imports another door": ("track/pages/planted.py", "import icargos.portal.apps", "Floors"),
    "ui imports a door": ("ui/page.py", "import icargos.portal.apps", "Floors"),
    "a package that stands on no floor": ("extras/__init__.py", "", "Floors"),
    "paper imports what is above it": ("paper/planted.py", "import icargos.ground.blobs", "Floors"),
    "rules import queries": ("places/rules/planted.py", "from icargos.places import queries", "Rooms"),
    "queries import actions": ("finance/queries.py", "from icargos.finance import actions", "Rooms"),
    "a room that is none": ("accounts/forms.py", "", "Rooms"),
    "another package's tables": ("booking/queries.py", "from icargos.consignments.models import Event", "Tables"),
    "a page reads a table": ("portal/pages/planted.py", "from icargos.booking.models import Import", "Tables"),
    "rules import Django": ("consignments/rules/__init__.py", "from django.db import connection", "Rules"),
    "kit imports Django": ("kit/money.py", "import django.conf", "Rules"),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(
        ROOT / "icargos",
        tmp_path / "icargos",
        ignore=shutil.ignore_patterns("__pycache__", "front", "static", "locale", "templates", "fonts"),
    )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def contracts(folder: Path) -> tuple[set[str], str]:
    """The first words of the contracts that are broken, and what import-linter said."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    said = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    text = said.stdout + said.stderr
    assert (said.returncode == 0) is ("0 broken" in text), text
    return set(re.findall(r"^(\w+).*?BROKEN", text, re.M)), text


def test_the_house_keeps_its_floors_and_rooms(copied: Path) -> None:
    broken, said = contracts(copied)
    assert broken == set(), said
    assert re.search(r"Contracts: [4-9] kept, 0 broken", said)


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_violation_breaks_its_contract(copied: Path, what: str) -> None:
    where, line, contract = PLANTED[what]
    target = copied / "icargos" / where
    target.parent.mkdir(exist_ok=True)
    with target.open("a") as file:
        file.write(f"\n{line}\n")
    broken, said = contracts(copied)
    assert contract in broken, said
