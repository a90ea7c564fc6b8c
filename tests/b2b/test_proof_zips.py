"""docs/subsystems/b2b.md, 31 to 39: proofs of many deliveries in one zip."""

import csv
import re
import tracemalloc
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO, TextIOWrapper
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.utils.translation import override

from icargos.consignments import queries as parcels
from icargos.dispatch import actions, queries
from icargos.dispatch.gateways.bundle import bundle
from icargos.dispatch.models import ProofZip
from icargos.dispatch.queries import Zipped
from icargos.dispatch.rules.proof_zip import MOST_PROOFS, file_name
from icargos.ground import blobs
from icargos.ground.models import Fact
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, Invalid, NotFound
from icargos.paper.press import PressFailed
from tests.cast import NOW, Cast
from tests.dispatch.papers import delivered, undo
from tests.dispatch.scene import out
from tests.paper.sample_papers import text
from tests.parcels import enter
from tests.portal.test_orders_bulk import everything
from tests.worker import work_off

URL = "https://portal.example"


def ids_of(cast: Cast, cns: Sequence[str], who: str = "bilal") -> list[int]:
    actor = cast.actor(who)
    with acting(actor):
        return parcels.numbered(actor, cns)


def ask(cast: Cast, cns: Sequence[str], *, who: str = "bilal", after: timedelta = timedelta(0), **more: Any) -> int:
    actor = cast.actor(who)
    ids = ids_of(cast, cns, who)
    with acting(actor):
        plain: dict[str, Any] = {"base_url": URL, "language": "en", "now": NOW + after}
        return actions.ask_proofs(actor, ids, **{**plain, **more})


def found(cast: Cast, zip_id: int, who: str = "bilal") -> Zipped:
    actor = cast.actor(who)
    with acting(actor):
        return queries.proof_zip(actor, zip_id)


def opened(cast: Cast, zip_id: int) -> ZipFile:
    return ZipFile(BytesIO(blobs.kept(found(cast, zip_id).file_key)))


def index(made: ZipFile) -> list[dict[str, str]]:
    with made.open("index.csv") as file:
        return list(csv.DictReader(TextIOWrapper(file, "utf-8-sig", newline="")))


def test_one_zip_holds_every_proof_under_number_and_order_ref_and_an_index(cast: Cast) -> None:
    first = delivered(cast, order_ref="ZT-1", receiver="Rabia Malik")
    second = delivered(cast, order_ref="=cmd|'/c calc'!A0", receiver="+92 Rabia")
    zip_id = ask(cast, [first, second])
    assert found(cast, zip_id).state == "waiting"
    work_off()
    ready = found(cast, zip_id)
    assert (ready.state, ready.done, ready.proofs) == ("ready", 2, 2)
    made = opened(cast, zip_id)
    names = [f"EPOD-{first}-ZT-1.pdf", f"EPOD-{second}-cmd---c-calc--A0.pdf", "index.csv"]
    assert made.namelist() == names
    assert made.testzip() is None
    words = text(made.read(names[0]))
    for part in (first, "Received by Rabia Malik", "Zarqa Textiles", "by Bilal Raza"):
        assert part in words
    one, two = index(made)
    assert one == {
        "CN": first, "Order ref": "ZT-1", "File": names[0], "Status": "Delivered", "Delivered": "2026-11-20 13:00",
        "Received by": "Rabia Malik", "Collected (Rs)": "1500.00", "Why there is none": "",
    }  # fmt: skip
    assert (two["Order ref"], two["Received by"]) == ("'=cmd|'/c calc'!A0", "'+92 Rabia")


def test_a_paper_in_it_is_the_one_that_the_parcels_page_hands_out(cast: Cast) -> None:
    cn = delivered(cast)
    zip_id = ask(cast, [cn], base_url="http://testserver")
    work_off()
    alone = text(cast.client("bilal").get(f"/orders/{cn}/epod.pdf").content)
    printed = re.compile(r"Printed .*? by")
    assert printed.sub("", text(opened(cast, zip_id).read(f"EPOD-{cn}.pdf"))) == printed.sub("", alone)


def test_parcels_without_a_proof_stand_in_the_index_with_the_reason(cast: Cast, owner_url: str) -> None:
    import psycopg

    good, corrected, lost = delivered(cast), delivered(cast), delivered(cast)
    _run, (away,) = out(cast)
    undo(cast, corrected)
    with psycopg.connect(owner_url) as owner:
        owner.execute("ALTER TABLE dispatch_proof DISABLE TRIGGER USER")
        owner.execute("DELETE FROM dispatch_proof WHERE cn = %s", [lost])
    zip_id = ask(cast, [away, corrected, lost, good])
    work_off()
    made = opened(cast, zip_id)
    assert made.namelist() == [f"EPOD-{good}.pdf", "index.csv"]
    assert [(line["CN"], line["File"], line["Why there is none"]) for line in index(made)] == [
        (away, "", "This parcel has not been delivered, so there is no proof of delivery yet."),
        (corrected, "", "The delivery of this parcel was corrected afterwards, so its proof no longer stands."),
        (lost, "", "No proof was kept of this delivery."),
        (good, f"EPOD-{good}.pdf", ""),
    ]
    page = cast.client("bilal").get(f"/proofs/{zip_id}/").content.decode()
    assert "1 proof is ready" in page
    assert "3 parcels have no proof" in page


def test_a_file_name_keeps_to_what_file_systems_like() -> None:
    assert file_name("IC473124829", "") == "EPOD-IC473124829.pdf"
    assert file_name("IC473124829", "../../a b\\c:d") == "EPOD-IC473124829-a-b-c-d.pdf"
    assert file_name("IC473124829", "آرڈر ۷") == "EPOD-IC473124829-آرڈر-۷.pdf"
    assert file_name("IC473124829", "...") == "EPOD-IC473124829.pdf"


def test_it_is_said_in_the_language_of_who_asked(cast: Cast) -> None:
    cn = delivered(cast)
    with override("en"):
        zip_id = ask(cast, [cn], language="ur")
        work_off()
    made = opened(cast, zip_id)
    with override("ur"):
        from django.utils.translation import gettext

        assert gettext("Why there is none") != "Why there is none"
        assert gettext("Why there is none") in index(made)[0]
        assert gettext("Delivered") in index(made)[0].values()


def test_a_double_click_is_one_zip_and_a_job_told_twice_makes_it_once(cast: Cast) -> None:
    cn = delivered(cast)
    zip_id = ask(cast, [cn])
    assert ask(cast, [cn], after=timedelta(seconds=4)) == zip_id
    assert ask(cast, [cn], after=timedelta(seconds=6)) != zip_id
    work_off()
    first = found(cast, zip_id)
    with acting(cast.actor("bilal")):
        facts = list(Fact.objects.filter(kind="proofs.asked").order_by("id"))
    assert len(facts) == 2
    assert (facts[0].subject_id, facts[0].actor_id) == (zip_id, cast.people["bilal"])
    assert facts[0].data == {"parcels": 1}
    from icargos.ground.relay import facts as told
    from icargos.ui.proof_zips import make_proof_zips

    make_proof_zips(told([facts[0].id]))
    assert found(cast, zip_id) == first


def test_refused_with_nothing_asked(cast: Cast) -> None:
    cn = delivered(cast)
    other = enter(cast, whose="B")[0]
    many = enter(cast, MOST_PROOFS + 1)
    bilal, farah = cast.actor("bilal"), cast.actor("farah")
    plain: dict[str, Any] = {"base_url": URL, "language": "en", "now": NOW}
    ids = ids_of(cast, [cn])
    with acting(bilal):
        for wrong, refusal in (([one.id for one in many], Invalid), ([], Invalid), ([*ids, other.id], NotFound)):
            with pytest.raises(refusal):
                actions.ask_proofs(bilal, wrong, **plain)
    with acting(farah), pytest.raises(Forbidden):
        actions.ask_proofs(farah, ids, **plain)
    with acting(bilal):
        assert not ProofZip.objects.exists()
        assert not Fact.objects.filter(kind="proofs.asked").exists()


def test_one_that_cannot_be_set_is_said_to_have_failed(cast: Cast) -> None:
    cn = delivered(cast)
    zip_id = ask(cast, [cn])

    def broken(*_given: object) -> bytes:
        raise PressFailed("no press today")

    from icargos.ground.relay import facts as told

    with acting(cast.actor("bilal")):
        fact = Fact.objects.get(kind="proofs.asked")
    with pytest.raises(PressFailed):
        actions.make_proof_zips(told([fact.id]), broken)
    assert found(cast, zip_id).state == "failed"
    assert "could not be set" in cast.client("bilal").get(f"/proofs/{zip_id}/").content.decode()
    assert cast.client("bilal").get(f"/proofs/{zip_id}/file/").status_code == 302


def test_it_is_fetched_for_a_day_and_then_gone(cast: Cast) -> None:
    cn = delivered(cast)
    zip_id = ask(cast, [cn])
    work_off()
    key = found(cast, zip_id).file_key
    client = cast.client("bilal")
    answer = client.get(f"/proofs/{zip_id}/file/")
    assert answer["Content-Disposition"] == f'attachment; filename="proofs-2026-11-20-{zip_id}.zip"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")
    assert answer.streaming
    whole = b"".join(answer.streaming_content)
    assert answer["Content-Length"] == str(len(whole))
    assert ZipFile(BytesIO(whole)).testzip() is None
    actions.forget_proofs(now=NOW + timedelta(hours=23, minutes=59))
    assert client.get(f"/proofs/{zip_id}/").status_code == 200
    actions.forget_proofs(now=NOW + timedelta(days=400))
    assert client.get(f"/proofs/{zip_id}/").status_code == 404
    assert client.get(f"/proofs/{zip_id}/file/").status_code == 404
    assert blobs.kept(key) == b""


def test_the_list_asks_for_what_is_ticked_on_every_page(cast: Cast) -> None:
    cn = delivered(cast)
    rest = enter(cast, 60)
    client = cast.client("bilal")
    assert "/proofs/" in client.get("/orders/").content.decode()
    answer = client.post("/proofs/", everything(client))
    (zip_id,) = re.findall(r"/proofs/(\d+)/", answer["Location"])
    page = client.get(answer["Location"]).content.decode()
    assert "Setting the proofs" in page
    assert client.get(answer["Location"], headers={"HX-Request": "true"}).content.decode().count("<h1") == 0
    work_off()
    assert index(opened(cast, int(zip_id)))[0]["CN"] == rest[-1].cn
    assert found(cast, int(zip_id)).proofs == 1
    assert cn in {line["CN"] for line in index(opened(cast, int(zip_id))) if line["File"]}


def test_nobody_reaches_another_shippers_zip(cast: Cast) -> None:
    zip_id = ask(cast, [delivered(cast)])
    work_off()
    for who, status in (("zara", 404), ("farah", 403), ("dawood", 404), ("vahid", 200), ("ayesha", 200)):
        for where in (f"/proofs/{zip_id}/", f"/proofs/{zip_id}/file/"):
            assert cast.client(who).get(where).status_code == status, (who, where)
    assert "/proofs/" not in cast.client("farah").get("/orders/").content.decode()
    with acting(cast.actor("zara")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dispatch_proofzip")
        assert cursor.fetchone() == (0,)


def test_a_zip_of_many_megabytes_is_made_in_the_memory_of_one_file() -> None:
    data = bytes(1024 * 1024)
    tracemalloc.start()
    try:
        with bundle() as zipped:
            for place in range(64):
                zipped.add(f"{place}.pdf", data)
            key = zipped.keep("proofs/1999-12-31")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    with blobs.opened(key) as file:
        assert len(ZipFile(file).namelist()) == 64
    blobs.drop("proofs/1999-12-31")
