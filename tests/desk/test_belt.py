"""The belt, through its door: what a scan answers, what it counts, and what it refuses."""

import re

import pytest

from tests.cast import Cast
from tests.desk.day import at_multan, event, scan, sheet
from tests.dispatch.scene import everything, status_of
from tests.parcels import city, enter


def test_the_first_page_of_each_kind_of_people(cast: Cast) -> None:
    for who, where in (
        ("bilal", "/overview/"),
        ("sadia", "/desk/arrival/"),
        ("dawood", "/desk/arrival/"),
        ("imran", "/rider/"),
    ):
        assert cast.client(who).get("/")["Location"] == where


def test_the_menu_holds_the_own_pages_alone(cast: Cast) -> None:
    desk = cast.client("dawood").get("/desk/arrival/").content.decode()
    assert 'href="/desk/runs/"' in desk
    assert 'href="/orders/"' not in desk
    assert 'href="/rider/"' not in desk
    shop = cast.client("bilal").get("/overview/").content.decode()
    assert 'href="/advice/"' in shop
    assert "/desk/" not in shop


def test_a_good_scan_shows_the_sort_code_and_moves_the_parcel(cast: Cast) -> None:
    (parcel,) = enter(cast)
    said = scan(cast, "sadia", "/desk/arrival/", [parcel.cn], weight="0.52").content.decode()
    assert 'data-sound="good"' in said
    assert "MUX-01" in said
    assert "Multan" in said
    assert "0.52 kg" in said
    assert status_of(cast, parcel.cn) == ("received_at_office", "origin_station")


def test_the_answer_holds_only_parts_that_the_page_has(cast: Cast) -> None:
    """The script takes them over by their ids; one that the page lacks would never be seen."""
    (cn,) = at_multan(cast)
    run = sheet(cast, [], leave=False)
    for where in ("/desk/arrival/", f"/desk/runs/{run}/"):
        page = cast.client("dawood").get(where).content.decode()
        answer = scan(cast, "dawood", where, [cn]).content.decode()
        parts = set(re.findall(r'^<(?:div|section)[^>]* id="([\w-]+)"', answer, re.M))
        assert parts >= {"verdict"}
        for part in parts - {"run-missing"}:
            assert f'id="{part}"' in page, (where, part)


def test_a_second_scan_says_so_and_a_replay_counts_once(cast: Cast) -> None:
    (parcel,) = enter(cast)
    first = event()
    scan(cast, "sadia", "/desk/arrival/", [parcel.cn], event=first)
    before = everything(cast)
    for again in (first, event()):
        said = scan(cast, "sadia", "/desk/arrival/", [parcel.cn], event=again).content.decode()
        assert 'data-sound="again"' in said
        assert "counted once" in said
    assert everything(cast) == before


@pytest.mark.parametrize(
    ("what", "word"),
    [("unknown", "Unknown"), ("another station's", "Not here"), ("cancelled", "Cancelled")],
)
def test_a_refused_scan_is_one_word_and_what_to_do(cast: Cast, what: str, word: str) -> None:
    if what == "unknown":
        cn = "IC000000000"
    elif what == "cancelled":
        cn = enter(cast)[0].cn
        assert cast.client("bilal").post(f"/orders/{cn}/cancel/").status_code == 302
    else:
        cn = enter(cast, origin_id=city("Lahore"))[0].cn
    before = everything(cast)
    said = scan(cast, "sadia", "/desk/arrival/", [cn]).content.decode()
    assert 'data-sound="stop"' in said
    assert f"<bdi>{word}</bdi>" in said
    assert "Stop. Do not bag." in said
    if what == "another station's":
        assert "Put it aside for LHE" in said
    if what == "cancelled":
        assert "on the shelf for the next pickup" in said
    assert everything(cast) == before


def test_the_session_counts_and_keeps_its_last_scans(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 3)]
    client = cast.client("sadia")
    for cn in [*cns, cns[0], "IC1"]:
        client.post("/desk/arrival/", {"cns": cn, "event": event()})
    page = client.get("/desk/arrival/").content.decode()
    counted = re.search(r'class="figure-big">(\d+)', page)
    assert counted is not None
    assert counted.group(1) == "5"
    assert page.count('class="scan-sort"') == 5
    client.post("/desk/again/", {"back": "desk:arrival"})
    assert "Each scan stands here" in client.get("/desk/arrival/").content.decode()


def test_a_thousand_numbers_in_one_go(cast: Cast) -> None:
    cns = [one.cn for one in enter(cast, 998)]
    said = scan(cast, "sadia", "/desk/arrival/", [*cns, "IC1", "IC2"]).content.decode()
    assert "998 / 1,000" in said
    assert "2 parcels stopped" in said
    assert "IC2" in said
    assert status_of(cast, cns[-1])[0] == "received_at_office"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cns": "  \x00 "}, "Scan a parcel"),
        ({"cns": "IC1 " * 1001}, "too many at once"),
        ({"cns": "IC1", "weight": "heavy"}, "number of kilograms"),
        ({"cns": "IC1", "weight": "NaN"}, "number of kilograms"),
        ({"cns": "IC1", "event": "x"}, "without a proper id"),
    ],
)
def test_odd_forms_are_refused_plainly(cast: Cast, fields: dict[str, str], told: str) -> None:
    before = everything(cast)
    body = {"event": event(), **fields}
    answer = cast.client("sadia").post("/desk/arrival/", body, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert everything(cast) == before


def test_who_is_posted_nowhere_is_told(cast: Cast) -> None:
    answer = cast.client("adeel").get("/desk/arrival/")
    assert answer.status_code == 409
    assert "not posted to a station" in answer.content.decode()


def test_without_script_the_form_answers_with_the_whole_page(cast: Cast) -> None:
    (parcel,) = enter(cast)
    answer = cast.client("sadia").post("/desk/arrival/", {"cns": parcel.cn, "event": event()})
    said = answer.content.decode()
    assert "<!doctype html>" in said
    assert "MUX-01" in said


def test_the_sound_switch_is_called_what_it_shows(cast: Cast) -> None:
    page = cast.client("dawood").get("/desk/arrival/").content.decode()
    switch = re.search(r"<button[^>]*data-sound-switch[^>]*>.*?</button>", page, re.DOTALL)
    assert switch is not None
    named = re.search(r'aria-label="([^"]+)"', switch[0])
    assert named is not None
    assert re.sub(r"<[^>]+>|\s+", "", switch[0]) == named[1]
