"""The orders list, through its door: views, filters, search, pages, columns, and what stays hidden."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icargos.consignments import actions, queries
from icargos.consignments.queries import Filters, View
from icargos.ground.tenancy import acting
from tests.cast import CANARY, NOW, Cast
from tests.dispatch import scene
from tests.parcels import city, enter

# Every statement that the list takes: who is asking 3, the transaction 3, what the person keeps, the page's ids, its
# rows, tags, profiles, the counts of the views, how labels are printed.
STATEMENTS = 13


def listed(answer: object) -> list[str]:
    """The numbers of the rows that an answer shows, in their order."""
    return re.findall(r'<tr id="row-\d+" data-row="(\w+)"', answer.content.decode())  # type: ignore[attr-defined]


def tabs(client: Client, address: str = "/orders/") -> dict[str, str]:
    """The views with their counts, as text."""
    page = client.get(address).content.decode()
    bar = page.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    found = re.findall(r"<a [^>]*>([^<]+?)(?: <b><bdi>([^<]*)</bdi></b>)?</a>", bar)
    return dict(found)


def current(page: str) -> str:
    """The view that is looked at."""
    found = re.search(r'<nav class="tabs".*?aria-current="page">([^<]+?)(?: <b>|</a>)', page, re.S)
    return found[1] if found else ""


def test_the_views_count_and_show_the_same_parcels(cast: Cast) -> None:
    enter(cast, 4)
    enter(cast, 2, whose="B")
    moving = scene.brought(cast)[0].cn
    client = cast.client("bilal")
    counts = tabs(client)
    assert counts == {
        "All": "5",
        "To ship": "4",
        "Moving": "1",
        "Out for delivery": "0",
        "Needs attention": "0",
        "Returns": "0",
        "COD pending": "0",
    }
    for view, label in zip(View, list(counts)[1:], strict=True):
        answer = client.get("/orders/", {"view": view.value})
        assert current(answer.content.decode()) == label
        assert len(listed(answer)) == int(counts[label])
    assert listed(client.get("/orders/?view=moving")) == [moving]


def test_counts_are_exact_to_a_thousand_and_then_said_to_be_more(cast: Cast) -> None:
    enter(cast, 1000)
    client = cast.client("bilal")
    assert tabs(client)["To ship"] == "1,000"
    assert "1–50 of <bdi>1,000</bdi>" in client.get("/orders/").content.decode()
    enter(cast)
    assert tabs(client)["To ship"] == "1,000+"
    page = client.get("/orders/").content.decode()
    assert "1–50 of <bdi>1,000+</bdi>" in page
    assert "Select all that match" in page


def test_what_a_search_finds_is_counted_to_three_hundred(cast: Cast) -> None:
    enter(cast, 300, consignee_name="Hina Qureshi")
    enter(cast, 20, consignee_name="Ali Raza")
    client = cast.client("bilal")
    assert "1–50 of <bdi>300</bdi>" in client.get("/orders/?q=qureshi").content.decode()
    enter(cast, consignee_name="Hina Qureshi")
    page = client.get("/orders/?q=qureshi").content.decode()
    assert "1–50 of <bdi>300+</bdi>" in page
    assert "Select all that match" in page
    assert b'name="upto"' in client.get("/orders-match/?q=qureshi").content
    assert "1–50 of <bdi>301</bdi>" in client.get("/orders/?q=qureshi&status=new_booked").content.decode()


def test_every_filter_stands_in_the_address_and_narrows_the_list(cast: Cast) -> None:
    old = timezone.now() - timedelta(days=40)
    (other,) = enter(cast, destination_id=city("Quetta"), now=old)
    (mine,) = enter(cast, destination_id=city("Lahore"), service="overland", cod_paisa=0, now=timezone.now())
    enter(cast, whose="B", destination_id=city("Lahore"))
    bilal = cast.actor("bilal")
    with acting(bilal):
        actions.tag(bilal, [mine.id], "Eid", now=NOW)
    client = cast.client("bilal")
    day = timezone.localdate().isoformat()
    for query in (
        "city=Lahore", "city=khi&city=lhr", "city=لاہور", "service=overland", "cod=prepaid", "days=30", f"from={day}",
        f"from={day}&to={day}", "tag=eid", f"q={mine.cn}", "status=new_booked&city=Lahore",
        "service=overland&service=same_day", "view=to_ship&cod=prepaid",
    ):  # fmt: skip
        answer = client.get(f"/orders/?{query}")
        assert listed(answer) == [mine.cn], query
    for query in ("city=Quetta", "cod=cod", f"to={(timezone.localdate() - timedelta(days=30)).isoformat()}"):
        assert listed(client.get(f"/orders/?{query}")) == [other.cn], query
    for query in ("source=form", "profile=4102", "family=booked", "card=New+Booked", "status=new_booked", ""):
        assert listed(client.get(f"/orders/?{query}")) == [mine.cn, other.cn], query
    assert listed(client.get("/orders/?sort=oldest")) == [other.cn, mine.cn]
    for query in ("source=api", "profile=4103", "status=lost", "reason=CNA", "import=7", "view=returns", "q=nobody"):
        assert listed(client.get(f"/orders/?{query}")) == [], query


def test_a_rider_outcome_narrows_to_what_failed_for_it(cast: Cast) -> None:
    failed = scene.brought(cast)[0].cn
    scene.run_of(cast, [failed])
    scene.fail(cast, scene.failure(cast, failed))
    enter(cast, 2)
    client = cast.client("bilal")
    assert listed(client.get("/orders/?reason=CNA")) == [failed]
    assert listed(client.get("/orders/?reason=RFD")) == []
    assert listed(client.get("/orders/?view=attention&reason=CNA&reason=RFD")) == [failed]


def test_a_city_profile_or_tag_that_is_not_there_widens_nothing(cast: Cast) -> None:
    """A view that was saved with a tag must not become all orders when the tag is gone: all of it may be chosen."""
    enter(cast, 3)
    client = cast.client("bilal")
    for query in ("city=Atlantis", "profile=9999", "tag=gone"):
        answer = client.get(f"/orders/?{query}")
        assert listed(answer) == [], query
        assert query.partition("=")[2] in answer.content.decode()
        assert client.get(f"/orders-match/?{query}").content.count(b'data-count="0"') == 1


def test_chips_say_what_is_set_and_take_it_out_again(cast: Cast) -> None:
    enter(cast, 2)
    page = (
        cast.client("bilal").get("/orders/?city=Lahore&city=Multan&city=Quetta&cod=cod&service=overland&q=zt").content
    )
    text = page.decode()
    assert "<bdi>Lahore +2</bdi>" in text
    assert "<b>COD</b>" in text
    without = re.search(r'Service <b><bdi>[^<]+</bdi></b> <a href="([^"]+)"', text)
    assert without is not None
    assert dict(parse_qsl(urlsplit(without[1].replace("&amp;", "&")).query)) == {
        "q": "zt",
        "city": "Quetta",
        "cod": "cod",
    }


def test_no_match_names_the_filters_and_offers_to_clear_them(cast: Cast) -> None:
    enter(cast, 2)
    client = cast.client("bilal")
    page = client.get("/orders/?view=to_ship&q=hina&city=Lahore&cod=prepaid").content.decode()
    assert "Nothing fits “hina”, City: Lahore, COD: Prepaid." in page
    assert 'href="/orders/?view=to_ship">Clear</a>' in page
    assert "No parcel stands here now." in client.get("/orders/?view=returns").content.decode()
    assert "No orders yet" in cast.client("zara").get("/orders/?city=Lahore").content.decode()


def test_pages_go_both_ways_with_the_whole_state_in_their_address(cast: Cast) -> None:
    cns = [one.cn for one in reversed(enter(cast, 120))]
    client = cast.client("bilal")
    seen, address = [], "/orders/?cod=cod&view=to_ship"
    places = []
    while address:
        answer = client.get(address)
        page = answer.content.decode()
        seen += listed(answer)
        places.append(address)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == cns
    assert len(places) == 3
    assert "101–120 of <bdi>120</bdi>" in page
    assert all("cod=cod" in place and "view=to_ship" in place for place in places)
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back is not None
    answer = client.get(back[1].replace("&amp;", "&"))
    assert listed(answer) == cns[50:100]
    assert "51–100 of <bdi>120</bdi>" in answer.content.decode()


def test_columns_are_chosen_remembered_and_ones_own(cast: Cast) -> None:
    enter(cast, 2)
    client, other = cast.client("bilal"), cast.client("ayesha")

    def headings(who: Client) -> list[str]:
        return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', who.get("/orders/").content.decode())

    usual = ["CN", "Order ref", "Consignee", "Route", "Status", "COD", "Weight", "Updated"]
    assert headings(client) == usual
    answer = client.post("/orders-columns/", {"column": ["booked", "status", "pieces", "nonsense"], "back": "cod=cod"})
    assert answer["Location"] == "/orders/?cod=cod"
    assert headings(client) == ["CN", "Status", "Pieces", "Booked"]
    assert headings(other) == usual
    client.post("/orders-columns/", {"usual": "1"})
    assert headings(client) == usual


def test_tags_show_as_a_column_once_there_is_one(cast: Cast) -> None:
    (mine, _other) = enter(cast, 2)
    bilal = cast.actor("bilal")
    client = cast.client("bilal")
    assert 'scope="col">Tags' not in client.get("/orders/").content.decode()
    with acting(bilal):
        actions.tag(bilal, [mine.id], "<b>Eid</b>", now=NOW)
    page = client.get("/orders/").content.decode()
    assert 'scope="col">Tags' in page
    assert page.count('<bdi class="tag">&lt;b&gt;Eid&lt;/b&gt;</bdi>') == 1


def test_what_people_typed_is_shown_as_text(cast: Cast) -> None:
    enter(cast, order_ref='"><script>1</script>', consignee_name="<i>Hina</i> & co")
    page = cast.client("bilal").get("/orders/", {"q": "</script><b>"}).content.decode()
    assert "<b>" not in page.partition("Nothing fits")[2].partition("</p>")[0]
    page = cast.client("bilal").get("/orders/").content.decode()
    assert "<script>1" not in page
    assert "&lt;i&gt;Hina&lt;/i&gt; &amp; co" in page


def test_finance_sees_no_consignee_and_does_nothing_with_rows(cast: Cast) -> None:
    enter(cast, 2, consignee_name="Hina Yousaf", consignee_phone="+923001112223")
    page = cast.client("farah").get("/orders/").content.decode()
    assert "Hina" not in page
    assert "0300-1112223" not in page
    assert "Consignee" not in re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    for action in ("data-print-one", "Yes, cancel them", "Add the tag", "Answer failed deliveries", "data-print"):
        assert action not in page.partition('<div class="bulk-bar"')[2], action
    assert "Take them out as a file" in page


def test_the_list_takes_the_same_few_statements_however_long_it_is(cast: Cast) -> None:
    client = cast.client("bilal")
    enter(cast, 3)
    client.get("/orders/")
    for number in (0, 120):
        enter(cast, number)
        with CaptureQueriesContext(connection) as statements:
            client.get("/orders/")
        assert len(statements) == STATEMENTS, [one["sql"][:90] for one in statements]
    with CaptureQueriesContext(connection) as statements:
        client.get("/orders/?view=to_ship&status=new_booked&service=overnight&days=30&cod=cod&q=sana&tag=none")
    assert len(statements) == STATEMENTS - 1, "nothing matches, so no rows are fetched"


def test_an_open_list_learns_what_changed_and_never_jumps(cast: Cast) -> None:
    first, second = enter(cast, 2)
    client = cast.client("bilal")
    page = client.get("/orders/").content.decode()
    live = re.search(r'id="newer" data-live hx-get="([^"]+)"', page)
    assert live is not None
    address = live[1].replace("&amp;", "&")
    assert "new</a>" not in client.get(address).content.decode()
    enter(cast, 3)
    enter(cast, 5, whose="B")
    client.post(f"/orders/{first.cn}/cancel/")
    answer = client.get(address)
    text = answer.content.decode()
    assert '<a class="tag fam-move newer" href="/orders/">3 new</a>' in text
    assert listed(answer) == [second.cn, first.cn], "the same rows in the same places"
    assert "Cancelled" in text.partition(f'data-row="{first.cn}"')[2].partition("</tr>")[0]
    assert re.search(r"To ship <b><bdi>4</bdi></b>", text)


def test_an_open_list_is_not_told_of_another_shippers_rows(cast: Cast) -> None:
    (theirs,) = enter(cast, whose="B", order_ref=CANARY)
    (mine,) = enter(cast)
    client = cast.client("bilal")
    for shown in (f"{theirs.id}.{mine.id}", f"{theirs.id}", "x.²", "9" * 30, "."):
        answer = client.get("/orders-newer/", {"shown": shown, "since": "0"})
        assert answer.status_code == 200
        assert set(listed(answer)) <= {mine.cn}
        assert CANARY not in answer.content.decode()
        assert theirs.cn not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "view=nope&status=nope&service=nope&source=x&reason=y&cod=z&days=4&from=2026-02-31&to=x&import=1e9&saved=x&sort=z",
        "before=x&after=²&n=-1&q=%00",
        "status=lost&status=lost&view=attention",
        "&".join(f"city={n}" for n in range(500)),
        "q=" + "x" * 5000,
        "before=1&after=1",
    ],
)
def test_an_odd_address_is_no_error(cast: Cast, query: str) -> None:
    enter(cast, 2)
    client = cast.client("bilal")
    for where in ("/orders/", "/orders-newer/", "/orders-match/", "/orders-export/"):
        assert client.get(f"{where}?{query}").status_code == 200, where


def test_all_that_match_are_those_that_are_there_now(cast: Cast) -> None:
    enter(cast, 60, service="overland")
    enter(cast, 5)
    client = cast.client("bilal")
    text = client.get("/orders-match/?service=overland").content.decode()
    assert 'data-count="60"' in text
    assert "All 60 selected" in text
    assert 'name="match" value="service=overland"' in text
    bilal = cast.actor("bilal")
    with acting(bilal):
        newest = queries.ids(bilal, Filters(services=("overland",)), most=1)[0]
    assert f'name="upto" value="{newest}"' in text
    assert "data-parts" not in text


def test_the_cities_are_offered_while_one_types(cast: Cast) -> None:
    text = cast.client("bilal").get("/orders-cities/").content.decode()
    assert '<option value="Lahore">لاہور</option>' in text
