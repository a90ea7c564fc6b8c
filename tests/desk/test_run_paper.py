"""The delivery run sheet is printed by its desk and its rider: docs/subsystems/papers.md."""

import pytest
import zxingcpp

from icargos.dispatch import queries
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from tests.cast import Cast
from tests.desk.day import at_multan, delivered, sheet, stop
from tests.dispatch.scene import everything
from tests.paper.sample_papers import shown, text


def _number(cast: Cast, run: int) -> str:
    dawood = cast.actor("dawood")
    with acting(dawood):
        return queries.run(dawood, run).run.number


def _prints(cast: Cast) -> list[tuple[int | None, int]]:
    with acting(cast.actor("adeel")):
        return [(one.actor_id, one.data["parcels"]) for one in Fact.objects.filter(kind="run.printed").order_by("id")]


def test_the_desk_prints_its_run_and_it_is_noted(cast: Cast) -> None:
    cns = at_multan(cast, 2, landmark="Blue gate", fragile=True, proof="photo", alt_phone="+923001112223")
    run = sheet(cast, cns, leave=False)
    client = cast.client("dawood")
    where = f"/desk/runs/{run}/sheet.pdf"
    assert f'href="{where}"' in client.get(f"/desk/runs/{run}/").content.decode()
    answer = client.get(where)
    number = _number(cast, run)
    assert answer["Content-Disposition"] == f'attachment; filename="{number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    words = text(answer.content)
    for part in (
        number, "Imran Ali", "2 parcels, Rs 3,000 COD", "Multan", "Left Not yet",
        f"{cns[0]} Sana Malik 0333-1234567 0300-1112223 · Fragile · Proof: photo",
        "House 12, Street 4, Gulgasht Colony, Blue gate, Multan 1 Rs 1,500", "by Dawood Shah",
    ):  # fmt: skip
        assert part in words, part
    found = zxingcpp.read_barcodes(shown(answer.content, dpi=203))
    assert {one.text for one in found} == {*cns, f"http://testserver/drs/{number}/"}
    assert _prints(cast) == [(cast.people["dawood"], 2)]


def test_an_empty_sheet_is_not_offered_on_paper(cast: Cast) -> None:
    run = sheet(cast, [], leave=False)
    assert "sheet.pdf" not in cast.client("dawood").get(f"/desk/runs/{run}/").content.decode()


def test_what_was_reported_stands_on_a_later_print(cast: Cast) -> None:
    cns = at_multan(cast, 2)
    run = sheet(cast, cns)
    cast.client("imran").post(f"/rider/stops/{stop(cast, cns[0])}/delivered/", delivered())
    words = text(cast.client("dawood").get(f"/desk/runs/{run}/sheet.pdf").content)
    assert words.count("Delivered") == 1


def test_the_rider_prints_his_own_run_and_no_other(cast: Cast) -> None:
    run = sheet(cast, at_multan(cast))
    where = f"/rider/runs/{run}/sheet.pdf"
    client = cast.client("imran")
    assert f'href="{where}"' in client.get("/rider/").content.decode()
    assert "Sana Malik" in text(client.get(where).content)
    assert _prints(cast) == [(cast.people["imran"], 1)]
    before = everything(cast)
    refused = cast.client("asif").get(where)
    assert refused.status_code == 404
    assert b"Sana" not in refused.content
    assert everything(cast) == before


@pytest.mark.parametrize(("who", "status"), [("sadia", 404), ("bilal", 404), ("imran", 403)])
def test_nobody_else_prints_it_at_the_desk(cast: Cast, who: str, status: int) -> None:
    run = sheet(cast, at_multan(cast))
    before = everything(cast)
    assert cast.client(who).get(f"/desk/runs/{run}/sheet.pdf").status_code == status
    assert everything(cast) == before


def test_its_code_opens_the_run_at_the_desk_and_the_stops_at_the_rider(cast: Cast) -> None:
    run = sheet(cast, at_multan(cast))
    code = f"/drs/{_number(cast, run)}/"
    assert cast.client("dawood").get(code)["Location"] == f"/desk/runs/{run}/"
    assert cast.client("imran").get(code)["Location"] == "/rider/"
    for who in ("asif", "sadia", "bilal"):
        assert cast.client(who).get(code).status_code == 404, who
    assert cast.client("dawood").get("/drs/DRS-000000-0000/").status_code == 404
    assert cast.client().get(code)["Location"].startswith("/accounts/login/")
