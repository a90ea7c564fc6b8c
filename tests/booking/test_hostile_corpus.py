"""Nearly six hundred files that mean harm or are broken, each through the real reading process.

Each is refused with a code and a sentence, or read as a table; none crashes, none takes 512 MB, and none of those
refused leaves a row behind.
"""

import json
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from icargos.booking import actions
from icargos.booking.gateways.workbook import MAX_ROWS, MOST_COLUMNS
from icargos.ground.tenancy import acting
from tests.booking.corpus import damage, old, others, sheets, texts, xmls, zips
from tests.booking.corpus.parts import READ, Hostile
from tests.booking.files import csv_bytes
from tests.cast import Cast
from tests.conftest import ROOT
from tests.worker import work_off

FAMILIES = (zips, xmls, sheets, old, texts, others, damage)
FILES: dict[str, Hostile] = {name: file for family in FAMILIES for name, file in family.FILES.items()}
SECRET = "root:"  # what /etc/passwd starts with
# Every seventeenth goes all the way through the database.
SOME = sorted(FILES)[::17]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How each file ended, by name, and the peak memory of the processes that read them."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, file in enumerate(FILES.values()):
        (folder / f"{number:04}").write_bytes(file.make())
    command = [sys.executable, "-m", "tests.booking.corpus", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    answer["ends"] = dict(zip(FILES, answer["ends"].values(), strict=True))
    return answer  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_ends_as_it_should(name: str, told: dict[str, Any]) -> None:
    end = told["ends"][name]
    assert end["outcome"] in FILES[name].wants, end
    if end["outcome"] != READ:
        assert end["told"].endswith(".")
        return
    assert len(end["headers"]) <= MOST_COLUMNS
    assert 1 <= len(end["rows"]) <= MAX_ROWS
    assert end["numbers"] == sorted(set(end["numbers"]))
    assert all(len(row) == len(end["headers"]) for row in end["rows"])
    assert SECRET not in json.dumps(end)


def test_there_are_hundreds_of_them() -> None:
    assert len(FILES) == sum(len(family.FILES) for family in FAMILIES) >= 550


def test_no_reading_process_took_512_mb(told: dict[str, Any]) -> None:
    assert 20 * 1024 * 1024 < told["peak"] < 512 * 1024 * 1024


def test_a_file_that_is_refused_leaves_no_row_and_no_parcel(cast: Cast, owner_url: str) -> None:
    actor = cast.actor("bilal")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for name in SOME:
            with acting(actor):
                import_id, known = actions.upload(actor, file_name=name, data=FILES[name].make(), now=timezone.now())
            assert not known
            work_off()
            row = owner.execute("SELECT state, refusal FROM booking_import WHERE id = %s", [import_id]).fetchone()
            assert row is not None
            rows = owner.execute("SELECT count(*) FROM booking_importrow WHERE import_id = %s", [import_id]).fetchone()
            if row[0] == "refused":
                assert FILES[name].wants != {READ}, name
                assert row[1].endswith("."), name
                assert rows == (0,), name
            else:
                assert READ in FILES[name].wants, name
        assert owner.execute("SELECT count(*) FROM consignments_consignment").fetchone() == (0,)
        with acting(actor):
            import_id, _known = actions.upload(actor, file_name="orders.csv", data=csv_bytes(), now=timezone.now())
        work_off()
        found = owner.execute("SELECT state, rows FROM booking_import WHERE id = %s", [import_id]).fetchone()
        assert found == ("checked", 1)
