"""Views of a person's own over the orders list."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from icargos.accounts import actions, queries
from icargos.accounts.rules import MOST_VIEWS, VIEW_NAME_LENGTH
from icargos.ground.tenancy import acting
from icargos.kit.errors import Forbidden, Invalid, NotFound
from tests.cast import CANARY, Cast
from tests.parcels import city, enter
from tests.portal.test_orders_page import current, listed, tabs


def save(client: Client, name: str, query: str) -> str:
    """Save a view; returns its address."""
    answer = client.post("/orders-views/", {"name": name, "query": query})
    assert answer.status_code == 302, answer.content.decode()[:200]
    return answer["Location"]


def views(cast: Cast, who: str = "bilal") -> list[tuple[str, str]]:
    """The views a person keeps: name and query."""
    actor = cast.actor(who)
    with acting(actor):
        return [(view.name, view.query) for view in queries.kept(actor, "orders").views]


def test_a_saved_view_is_a_tab_with_its_count(cast: Cast) -> None:
    (lahore,) = enter(cast, destination_id=city("Lahore"))
    enter(cast, 2)
    client = cast.client("bilal")
    address = save(client, " Lahore   COD ", "city=Lahore&cod=cod&before=7&nonsense=1")
    assert views(cast) == [("Lahore COD", "city=Lahore&cod=cod")]
    page = client.get(address)
    assert listed(page) == [lahore.cn]
    text = page.content.decode()
    assert current(text) == "Lahore COD"
    assert tabs(client)["Lahore COD"] == "", "counted when the page is there, not before"
    live = re.search(r'id="newer" data-live hx-get="([^"]+)" hx-trigger="load, refresh"', text)
    assert live is not None
    assert "Lahore COD <b><bdi>1</bdi></b>" in client.get(live[1].replace("&amp;", "&")).content.decode()


def test_a_relative_period_stays_relative(cast: Cast) -> None:
    client = cast.client("bilal")
    save(client, "This week", "days=7")
    assert views(cast) == [("This week", "days=7")]


def test_a_view_is_changed_renamed_and_deleted_and_comes_back(cast: Cast) -> None:
    client = cast.client("bilal")
    view = save(client, "Lahore", "city=Lahore").partition("saved=")[2].partition("&")[0]
    page = client.get(f"/orders/?saved={view}&city=Lahore&cod=cod").content.decode()
    assert "You have changed its filters" in page
    client.post(
        f"/orders-views/{view}/", {"do": "save", "name": "Lahore, COD", "query": f"saved={view}&city=Lahore&cod=cod"}
    )
    assert views(cast) == [("Lahore, COD", "city=Lahore&cod=cod")]
    assert (
        "You have changed its filters" not in client.get(f"/orders/?saved={view}&city=Lahore&cod=cod").content.decode()
    )
    answer = client.post(f"/orders-views/{view}/", {"do": "delete"})
    assert views(cast) == []
    undo = next(message.extra_tags for message in get_messages(answer.wsgi_request) if "deleted" in str(message))
    client.post(undo)
    assert views(cast) == [("Lahore, COD", "city=Lahore&cod=cod")]


def test_a_view_is_ones_own(cast: Cast) -> None:
    view = save(cast.client("bilal"), "Mine", "cod=cod").partition("saved=")[2].partition("&")[0]
    save(cast.client("zara"), f"{CANARY} view", f"q={CANARY}")
    for who in ("ayesha", "farah", "zara"):
        client = cast.client(who)
        assert "Mine" not in tabs(client)
        assert current(client.get(f"/orders/?saved={view}").content.decode()) == "All"
        for body in ({"do": "save", "name": "Taken", "query": ""}, {"do": "delete"}):
            assert client.post(f"/orders-views/{view}/", body).status_code == 404
    assert views(cast) == [("Mine", "cod=cod")]
    assert CANARY not in cast.client("bilal").get("/orders/").content.decode()


def test_names_are_ones_own_once_and_have_a_length(cast: Cast) -> None:
    bilal, ayesha = cast.actor("bilal"), cast.actor("ayesha")
    with acting(bilal):
        first = actions.keep_view(bilal, "orders", "Late", "view=attention")
        for wrong in ("", "  ", "x" * (VIEW_NAME_LENGTH + 1), "LATE"):
            with pytest.raises(Invalid):
                actions.keep_view(bilal, "orders", wrong, "")
        second = actions.keep_view(bilal, "orders", "Later", "")
        with pytest.raises(Invalid):
            actions.change_view(bilal, second, name="late")
        with pytest.raises(Invalid):
            actions.change_view(bilal, second, query="x" * 2000)
        actions.change_view(bilal, first, name="LATE")
        with pytest.raises(NotFound):
            actions.change_view(bilal, 10**9, name="No")
        actions.drop_view(bilal, 10**9)
    with acting(ayesha):
        actions.keep_view(ayesha, "orders", "Late", "")
    assert [name for name, _query in views(cast)] == ["LATE", "Later"]


def test_there_are_not_too_many_tabs(cast: Cast) -> None:
    client = cast.client("bilal")
    for n in range(MOST_VIEWS):
        save(client, f"View {n}", f"q=z{n}")
    assert client.post("/orders-views/", {"name": "One more", "query": ""}).status_code == 422
    assert len(views(cast)) == MOST_VIEWS
    assert 'id="new-view"' not in client.get("/orders/").content.decode()
    shown = client.get("/orders-newer/").content.decode()
    assert shown.count("<b><bdi>0</bdi></b>") >= MOST_VIEWS


def test_what_a_person_keeps_goes_with_their_seat(cast: Cast, owner_url: str) -> None:
    import psycopg

    client = cast.client("bilal")
    save(client, "Mine", "cod=cod")
    client.post("/orders-columns/", {"column": ["status"]})
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM accounts_membership WHERE user_id = %s", [cast.people["bilal"]])
        for table in ("accounts_savedview", "accounts_showncolumns"):
            assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_programme_keeps_nothing(cast: Cast) -> None:
    from dataclasses import replace

    key = replace(cast.actor("bilal"), user_id=None, key_id=7)
    with acting(key):
        assert queries.kept(key, "orders") == queries.Kept([], None)
        with pytest.raises(Forbidden):
            actions.keep_view(key, "orders", "No", "")
        with pytest.raises(Forbidden):
            actions.keep_columns(key, "orders", ["status"])
