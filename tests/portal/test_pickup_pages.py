"""The shipper's pickups: the form, the list, weekly ones; and what is done with parcels ticked in the orders list."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from icargos.booking import actions, queries
from icargos.booking.models import PickupRequest
from icargos.consignments.models import Consignment
from icargos.ground.tenancy import acting
from icargos.places import queries as places
from tests.cast import Cast
from tests.pickups.scene import asked, booked, cancel, everything, ready, second_place, statuses


def working_day(cast: Cast) -> date:
    """The next working day after today: never past a cut-off."""
    bilal = cast.actor("bilal")
    with acting(bilal):
        return places.calendar(bilal).next_working(timezone.localdate())


def form(cast: Cast, **changes: object) -> dict[str, object]:
    """The form as it is posted."""
    plain: dict[str, object] = {
        "profile": cast.profile_a, "often": "once", "day": working_day(cast).isoformat(), "slot": "12-15",
        "parcels": "3", "weight": "1.5", "note": "Gate 2",
    }  # fmt: skip
    return {**plain, **changes}


def post(client: Client, where: str, body: dict[str, object]) -> str:
    """Post and follow; the page at the end, as text."""
    return client.post(where, body, follow=True).content.decode()


def test_a_pickup_is_asked_for_and_stands_in_the_list(cast: Cast) -> None:
    client = cast.client("bilal")
    page = post(client, "/pickups/ask/", form(cast))
    assert "PU-" in page
    assert "12-15" in page
    assert "Waiting for a rider" in page
    assert "“<bdi>Gate 2</bdi>”" in page
    assert ">1</b>" in client.get("/pickups/count/").content.decode()
    assert "Joined to pickup" in post(client, "/pickups/ask/", form(cast)), "a double click"
    with acting(cast.actor("bilal")):
        assert PickupRequest.objects.count() == 1


def test_the_form_is_filled_with_what_waits(cast: Cast) -> None:
    ready(cast, booked(cast, 4, weight_g=750))
    booked(cast, 2)
    page = cast.client("bilal").get("/pickups/").content.decode()
    assert re.search(r'name="parcels"[^>]*value="4"', page)
    assert re.search(r'name="weight"[^>]*value="3"', page)
    assert "Mark 2 more booked parcels ready" in page
    assert "until 15:00 in" in page


def test_what_is_booked_is_marked_ready_with_the_ask(cast: Cast) -> None:
    cns = booked(cast, 3)
    post(cast.client("bilal"), "/pickups/ask/", form(cast, ready="yes"))
    assert statuses(cast, cns) == ["ready_for_pickup"] * 3


def test_another_place_is_asked_for_by_its_own_form(cast: Cast) -> None:
    outlet = second_place(cast, "Islamabad", "Zarqa Capital")
    page = cast.client("bilal").get(f"/pickups/?profile={outlet}").content.decode()
    assert "until 13:00 in" in page
    assert f'value="{outlet}" selected' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "2026-01-01"}, "This day is over"),
        ({"day": ""}, "Choose a day"),
        ({"day": "soon"}, "Choose a day"),
        ({"slot": ""}, "Choose a time"),
        ({"parcels": ""}, "from 1 to 5,000"),
        ({"parcels": "-3"}, "from 1 to 5,000"),
        ({"parcels": "9" * 40}, "from 1 to 5,000"),
        ({"weight": "heavy"}, "in kilograms"),
        ({"weight": "1e9"}, "in kilograms"),
        ({"weight": "NaN"}, "in kilograms"),
        ({"often": "weekly"}, "Choose the weekdays"),
        ({"often": "weekly", "weekday": "6"}, "Monday to Saturday"),
        ({"often": "weekly", "weekday": "x"}, "Choose the weekdays"),
        ({"note": "x" * 251}, "250 characters"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(cast: Cast, changes: dict[str, object], said: str) -> None:
    cns = booked(cast)
    before = everything(cast)
    answer = cast.client("bilal").post("/pickups/ask/", form(cast, ready="yes", **{"note": "Gate 2", **changes}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert str(changes.get("note", "Gate 2")) in page
    assert everything(cast) == before
    assert statuses(cast, cns) == ["new_booked"]


def test_another_shippers_place_is_not_there(cast: Cast) -> None:
    before = everything(cast)
    client = cast.client("bilal")
    for profile in (cast.profile_b, "", "x", "\x00"):
        assert client.post("/pickups/ask/", form(cast, profile=profile)).status_code == 404
    assert everything(cast) == before
    assert "Noor" not in client.get(f"/pickups/?profile={cast.profile_b}").content.decode()


def test_a_pickup_is_called_off_and_asked_for_again(cast: Cast) -> None:
    client = cast.client("bilal")
    post(client, "/pickups/ask/", form(cast))
    with acting(cast.actor("bilal")):
        request = PickupRequest.objects.get()
    page = post(client, f"/pickups/{request.id}/cancel/", {})
    assert "called off" in page
    assert "Called off" in client.get("/pickups/?tab=past").content.decode()
    assert "asked for" in post(client, "/pickups/ask/", form(cast))


def test_a_weekly_pickup_is_set_up_and_stopped(cast: Cast) -> None:
    client = cast.client("bilal")
    page = post(client, "/pickups/ask/", form(cast, often="weekly", weekday=["0", "3"], slot="18-21"))
    assert "Every week" in page
    assert "Monday, Thursday" in re.sub(r"\s+", " ", page)
    bilal = cast.actor("bilal")
    with acting(bilal):
        (weekly,) = queries.schedules(bilal)
    assert "was stopped" in post(client, f"/pickups/weekly/{weekly.id}/stop/", {})


def test_who_does_not_hand_over_sees_the_list_and_no_form(cast: Cast) -> None:
    asked(cast, day=working_day(cast), note="0301-4417208", now=timezone.now())
    for who in ("farah", "vahid"):
        page = cast.client(who).get("/pickups/").content.decode()
        assert "PU-" in page
        assert "pickups/ask/" not in page
        assert "cancel/" not in page
        assert ("0301-4417208" in page) is (who == "vahid")


# --- ticked parcels ---


def test_ticked_parcels_are_marked_ready_and_back(cast: Cast) -> None:
    client, cns = cast.client("bilal"), booked(cast, 3)
    assert "3 parcels are ready" in post(client, "/hand-over/ready/", {"cn": cns, "next": "/orders/?q=x"})
    assert statuses(cast, cns) == ["ready_for_pickup"] * 3
    assert "so already" in post(client, "/hand-over/ready/", {"cn": cns})
    assert "1 parcel is not ready" in post(client, "/hand-over/ready/", {"cn": cns[:1], "ready": "no"})
    assert statuses(cast, cns) == ["new_booked", "ready_for_pickup", "ready_for_pickup"]
    away = client.post("/hand-over/ready/", {"cn": cns, "next": "https://evil.example/"})
    assert away["Location"] == "/orders/"


def test_one_that_cannot_be_is_told(cast: Cast) -> None:
    good, gone = booked(cast, 2)
    cancel(cast, [gone])
    page = post(cast.client("bilal"), "/hand-over/ready/", {"cn": [good, gone]})
    assert "1 parcel is ready" in page
    assert f"{gone} is Cancelled" in page


@pytest.mark.parametrize("where", ["ready", "load-sheets", "pickup"])
def test_nothing_and_foreign_numbers_are_refused(cast: Cast, where: str) -> None:
    client, theirs, mine = cast.client("bilal"), booked(cast, whose="B"), booked(cast)
    before = everything(cast)
    assert client.post(f"/hand-over/{where}/", {}).status_code == 422
    assert client.post(f"/hand-over/{where}/", {"cn": [*mine, *theirs]}).status_code == 404
    assert client.post(f"/hand-over/{where}/", {"cn": ["\x00", "IC1"]}).status_code == 404
    assert everything(cast) == before
    for who in ("farah", "vahid"):
        assert cast.client(who).post(f"/hand-over/{where}/", {"cn": mine}).status_code == 403
    assert everything(cast) == before


def test_ticked_parcels_go_on_a_load_sheet_at_once(cast: Cast) -> None:
    client, cns = cast.client("bilal"), booked(cast, 2)
    body = {"cn": cns, "once": "k" * 20}
    first = client.post("/hand-over/load-sheets/", body)
    assert first["Location"].startswith("/load-sheets/LS-")
    assert client.post("/hand-over/load-sheets/", body)["Location"] == first["Location"], "a double click"
    refused = client.post("/hand-over/load-sheets/", {"cn": cns, "once": "l" * 20})
    assert refused.status_code == 409
    assert "already on LS-" in refused.content.decode()


def test_ticked_parcels_fill_the_form_in_and_change_when_it_is_sent(cast: Cast) -> None:
    outlet = second_place(cast)
    here, there, unchosen = booked(cast), booked(cast, 2, profile_id=outlet), booked(cast, profile_id=outlet)
    gone = booked(cast)
    cancel(cast, gone)
    client = cast.client("bilal")
    chosen = [*here, *there, *gone]
    page = client.post("/hand-over/pickup/", {"cn": chosen}).content.decode()
    for told in ("2 parcels of those you chose are here", "1 is at another place", "1 needs no pickup any more"):
        assert told in page, told
    assert statuses(cast, [*here, *there]) == ["new_booked"] * 3, "nothing was asked for yet"
    # The other place is chosen with the same parcels in hand.
    page = client.post("/hand-over/pickup/", {"cns": " ".join(chosen), "profile": cast.profile_a}).content.decode()
    assert "1 parcel of those you chose is here" in page

    sent = {**form(cast), "profile": outlet, "cns": " ".join(chosen), "ready": "yes"}
    wrong = client.post("/pickups/ask/", {**sent, "slot": "never"})
    assert wrong.status_code == 422
    assert "2 parcels of those you chose are here" in wrong.content.decode()
    page = client.post("/pickups/ask/", sent).content.decode()
    assert statuses(cast, there) == ["ready_for_pickup"] * 2
    assert statuses(cast, [*here, *unchosen]) == ["new_booked"] * 2
    assert "1 parcel of those you chose is here" in page, "the next place"
    left = re.search('name="cns" value="([^"]*)"', page)
    assert left is not None
    assert sorted(left[1].split()) == sorted([*here, *gone])
    last = client.post("/pickups/ask/", {**sent, "profile": cast.profile_a, "cns": left[1]})
    assert last["Location"] == "/pickups/"
    assert statuses(cast, here) == ["ready_for_pickup"]


def test_no_pickup_is_asked_for_parcels_that_need_none(cast: Cast) -> None:
    gone = booked(cast)
    cancel(cast, gone)
    client = cast.client("bilal")
    assert "None of these parcels waits" in post(client, "/hand-over/pickup/", {"cn": gone, "next": "/orders/"})
    assert client.post("/hand-over/pickup/", {"cns": booked(cast, whose="B")[0]}).status_code == 404


def test_the_parcels_page_says_how_it_gets_to_the_courier(cast: Cast) -> None:
    client, (cn,) = cast.client("bilal"), booked(cast)
    page = client.get(f"/orders/{cn}/").content.decode()
    assert "Mark ready" in page
    assert "On none yet" in page
    number = client.post("/hand-over/load-sheets/", {"cn": cn})["Location"].strip("/").rpartition("/")[2]
    client.post(f"/load-sheets/{number}/close/")
    post(client, "/pickups/ask/", form(cast))
    page = client.get(f"/orders/{cn}/").content.decode()
    assert number in page
    assert "12-15" in page
    assert "Not ready" not in page, "it is promised on a closed sheet"


# --- of an import ---


def imported(cast: Cast, number: int = 3) -> int:
    """An import of Zarqa's that has booked parcels; its id."""
    from tests.house.world import _sheet
    from tests.worker import work_off

    bilal = cast.actor("bilal")
    with acting(bilal):
        import_id, _known = actions.upload(bilal, file_name="own.csv", data=_sheet(""), now=timezone.now())
    work_off()
    with acting(bilal):
        actions.accept(bilal, import_id, now=timezone.now())
    work_off()
    return import_id


def test_an_import_is_listed_and_picked_up_from_its_own_addresses(cast: Cast) -> None:
    import_id, client = imported(cast), cast.client("bilal")
    with acting(cast.actor("bilal")):
        cns = list(Consignment.objects.filter(import_id=import_id).values_list("cn", flat=True))
    booked(cast, 5)
    page = client.get(f"/pickups/?import={import_id}").content.decode()
    assert re.search(r'name="parcels"[^>]*value="1"', page)
    assert "of this import ready" in page
    post(client, "/pickups/ask/", form(cast, ready="yes", **{"import": import_id}))
    assert statuses(cast, cns) == ["ready_for_pickup"]
    offer = client.get(f"/load-sheets/?import={import_id}").content.decode()
    assert "1 parcel of this import waits" in offer
    made = client.post("/hand-over/load-sheets/", {"import": import_id, "once": "m" * 20})
    assert "/load-sheets/LS-" in made["Location"]


def test_the_verbs_of_an_import_do_the_same_without_a_page(cast: Cast) -> None:
    import_id, bilal = imported(cast), cast.actor("bilal")
    now = timezone.now()
    with acting(bilal):
        (asked_for,) = actions.ask_pickups_of_import(bilal, import_id, now=now)
        assert queries.pickup(bilal, asked_for.request_id).expected_parcels == 1
        assert actions.ask_pickups_of_import(bilal, import_id, now=now)[0].merged
        made = actions.make_sheets_of_import(bilal, import_id, key="import-1", now=now)
        assert (made.parcels, len(made.numbers)) == (1, 1)
        actions.close_sheet(bilal, made.numbers[0], now=now)
        able = queries.undoable(bilal, import_id)
    assert (able.can_go, len(able.stays)) == ([], 1), "what stands on a closed sheet stays when the import is undone"


def test_another_shippers_import_is_not_there(cast: Cast) -> None:
    import_id = imported(cast)
    zara = cast.client("zara")
    for where in ("/pickups/", "/load-sheets/"):
        assert zara.get(f"{where}?import={import_id}").status_code == 404
        for odd in ("x", "9" * 40, "-1", "\x00"):
            assert zara.get(where, {"import": odd}).status_code == 200
    assert zara.post("/hand-over/load-sheets/", {"import": import_id}).status_code == 404
