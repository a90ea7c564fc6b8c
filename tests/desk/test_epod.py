"""The courier's people download a proof of delivery: docs/subsystems/papers.md, who gets it."""

import pytest

from icargos.consignments.rules import Status
from tests.cast import CANARY, Cast
from tests.dispatch.papers import delivered, move, undo
from tests.dispatch.scene import out
from tests.paper.sample_papers import text
from tests.parcels import city


@pytest.mark.parametrize("who", ["adeel", "dawood", "sadia"])
def test_staff_get_it_of_every_shipper_from_the_parcels_page(cast: Cast, who: str) -> None:
    client = cast.client(who)
    ours = delivered(cast)
    theirs = delivered(cast, whose="B", origin_id=city("Karachi"), consignee_name=f"{CANARY} Hina")
    for cn, shipper in ((ours, "Zarqa Textiles"), (theirs, f"Noor {CANARY} Traders")):
        where = f"/desk/parcels/{cn}/epod.pdf"
        assert f'href="{where}"' in client.get(f"/desk/parcels/{cn}/").content.decode()
        answer = client.get(where)
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="EPOD-{cn}.pdf"'
        assert shipper in text(answer.content)
    assert CANARY not in text(client.get(f"/desk/parcels/{ours}/epod.pdf").content)


def test_a_rider_may_not(cast: Cast) -> None:
    cn = delivered(cast)
    answer = cast.client("imran").get(f"/desk/parcels/{cn}/epod.pdf")
    assert answer.status_code == 403
    assert b"Sana" not in answer.content


@pytest.mark.parametrize("who", ["bilal", "zara"])
def test_a_shippers_people_have_no_such_page(cast: Cast, who: str) -> None:
    assert cast.client(who).get(f"/desk/parcels/{delivered(cast)}/epod.pdf").status_code == 404


def test_there_is_none_of_what_was_not_delivered_or_is_unknown(cast: Cast) -> None:
    _run, (cn,) = out(cast)
    client = cast.client("dawood")
    assert client.get(f"/desk/parcels/{cn}/epod.pdf").status_code == 409
    assert client.get("/desk/parcels/IC000000000/epod.pdf").status_code == 404
    move(cast, cn, Status.DELIVERED)
    assert client.get(f"/desk/parcels/{cn}/epod.pdf").status_code == 404


def test_a_corrected_delivery_keeps_its_proof_on_the_page_and_loses_its_paper(cast: Cast) -> None:
    cn = delivered(cast)
    undo(cast, cn)
    client = cast.client("dawood")
    page = client.get(f"/desk/parcels/{cn}/").content.decode()
    assert "Corrected since" in page
    assert "epod.pdf" not in page
    answer = client.get(f"/desk/parcels/{cn}/epod.pdf")
    assert answer.status_code == 409
    assert "no longer stands" in answer.content.decode()
