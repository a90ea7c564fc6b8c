"""Every route, as every person: who gets in, who does not, and that nobody sees another shipper's rows.

The walk goes over the registry, so a new page is in it as soon as it is declared; one that needs a value for its path
or a body that `world` does not know fails here until it is told.
"""

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import icargos.main.urls
from icargos.booking.models import Document
from icargos.consignments.models import Consignment
from icargos.consignments.queries import lists as list_queries
from icargos.consignments.queries import parcels as parcel_queries
from icargos.dispatch.queries import evidence
from icargos.ui.page import ANYONE, KINDS, ROUTES, SIGNED_IN, Route
from tests.cast import CANARY, PEOPLE, Cast
from tests.house.world import PRIVATE, World, bodies, build, calls, digest, everything

assert icargos.main.urls.urlpatterns
MOUNTED = {"account_login", "account_logout", "account_change_password"}
OURS = ("ayesha", "bilal", "farah", "vahid")
VISITS = [(route, method) for route in ROUTES for method in route.methods]


def title(value: object) -> str:
    """How a case is called."""
    return value.name if isinstance(value, Route) else str(value)


@pytest.fixture
def world(cast: Cast) -> World:
    """Both shippers' rows."""
    return build(cast)


def number(route: Route, world: World, *, theirs: bool = False) -> str:
    """The number of a parcel that has what the route shows: pictures of a failed visit, a proof, or nothing yet."""
    if route.path.endswith("<str:name>/"):
        return world.their_failed if theirs else world.my_failed
    if route.path.endswith(("epod.pdf", "cod-receipt.pdf")):
        return world.their_delivered if theirs else world.my_delivered
    return (world.theirs if theirs else world.mine)[0].cn


def address(route: Route, world: World, *, theirs: bool = False) -> str:
    """The route's address with a row of Zarqa's, or of Noor's, in it."""
    parcel = (world.theirs if theirs else world.mine)[0]
    paper = world.their_paper if theirs else world.my_paper
    tokens = {"track:label": parcel.label_token, "track:link": parcel.tracking_token, "track:proof": paper}
    tokens["track:receipt"] = world.their_receipt if theirs else world.my_receipt
    values = {
        "cn": number(route, world, theirs=theirs),
        "name": "attempt-1-0",
        "code": "4103" if theirs else "4102",
        "address_id": world.their_address if theirs else world.my_address,
        "note_id": world.their_note if theirs else world.my_note,
        "advice": world.their_advice if theirs else world.my_advice,
        "run": world.run,
        "run_number": world.run_number,
        "stop": world.stop,
        "conflict": 1,
        "import_id": world.their_import if theirs else world.my_import,
        "fix_id": world.their_fix if theirs else world.my_fix,
        "print_id": world.their_print if theirs else world.my_print,
        "view_id": world.their_view if theirs else world.my_view,
        "key_id": world.their_key if theirs else world.my_key,
        **{name: pair[theirs] for name, pair in world.handing.items()},
        "token": tokens.get(route.name, ""),
    }
    names = re.findall(r"<(?:\w+:)?(\w+)>", route.path)
    unknown = set(names) - set(values)
    assert not unknown, f"{route.name}: say in tests/house what {unknown} stands for"
    where = reverse(route.name, kwargs={name: values[name] for name in names})
    if route.name in {"portal:labels", "portal:label_preview", "portal:label_picture"}:
        where += f"?import={values['import_id']}"
    return where


def visit(world: World, who: str | None, route: Route, method: str, *, theirs: bool = False) -> Any:
    """What the person is answered."""
    client = world.client(who)
    where = address(route, world, theirs=theirs)
    if method == "GET":
        return client.get(where)
    if route.door == "api":
        return client.post(where, calls(theirs=theirs)[route.name], content_type="application/json")
    body = dict(bodies(world).get(route.name, {}))
    if theirs and "cn" in body:
        body["cn"] = world.theirs[0].cn
    return client.post(where, body)


def allowed(route: Route, who: str) -> bool:
    """Whether the registry lets this person in."""
    from tests.cast import Cast

    if route.door == "api":
        return route.needs == ANYONE  # a cookie opens nothing there
    actor = Cast(1, 2, 0, 0, dict.fromkeys(PEOPLE, 1)).actor(who)
    if route.door in KINDS and actor.kind is not KINDS[route.door]:
        return False
    return route.needs in {ANYONE, SIGNED_IN} or actor.may(route.needs)


def test_every_address_is_declared() -> None:
    declared = {route.name for route in ROUTES} | MOUNTED
    found = set(_names(get_resolver().url_patterns))
    assert found - declared == set()
    assert declared - found == set()


def test_an_undeclared_address_is_caught() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def stray(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    found = set(_names([*get_resolver().url_patterns, path("stray/", stray, name="stray")]))
    assert found - {route.name for route in ROUTES} - MOUNTED == {"stray"}


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


@pytest.mark.parametrize("who", [None, *PEOPLE], ids=title)
def test_who_gets_in_and_who_changes_nothing(world: World, owner_url: str, who: str | None) -> None:
    """A stranger is sent to sign in, another kind of person gets 404, one without the right 403; nothing changes."""
    world.client(who)
    before = digest(owner_url)
    for route, method in VISITS:
        if route.needs == ANYONE:
            continue
        if who is not None and allowed(route, who):
            continue
        answer = visit(world, who, route, method)
        if route.door == "api":
            assert answer.status_code == 401, route.name
        elif who is None:
            assert answer.status_code == 302, route.name
            assert answer["Location"].startswith("/accounts/login/?next="), route.name
        elif route.door in KINDS and _kind(who) != KINDS[route.door]:
            assert answer.status_code == 404, route.name
        else:
            assert answer.status_code == 403, route.name
    assert digest(owner_url) == before


def _kind(who: str) -> str:
    return "staff" if not PEOPLE[who][1] else "shipper"


@pytest.mark.parametrize("who", OURS)
def test_another_shippers_row_is_no_row(world: World, owner_url: str, who: str) -> None:
    """Its id in the address gives 404 to whoever may open the page, 403 to the others, and changes nothing."""
    world.client(who)
    before = digest(owner_url)
    for route, method in VISITS:
        if not route.owner or route.needs == ANYONE:
            continue
        answer = visit(world, who, route, method, theirs=True)
        # A door of another kind of people has no such page for anybody of this one.
        hidden = allowed(route, who) or (route.door in KINDS and _kind(who) != KINDS[route.door])
        no = 401 if route.door == "api" else 404 if hidden else 403
        assert answer.status_code == no, (route.name, method)
        assert leaks(world, answer, but=number(route, world, theirs=True)) == [], route.name
    assert digest(owner_url) == before


def leaks(world: World, answer: Any, *, but: str = "") -> list[bytes]:
    """What of Noor's an answer carries; ``but`` is a number that the question itself named."""
    said = everything(answer)
    return [secret for secret in world.secrets_of_b() if secret in said and secret != but.encode()]


@pytest.mark.parametrize("who", [None, *OURS], ids=title)
def test_no_answer_carries_a_byte_of_another_shipper(world: World, who: str | None) -> None:
    for route, method in VISITS:
        answer = visit(world, who, route, method)
        assert answer.status_code < 500, route.name
        assert leaks(world, answer) == [], (route.name, method)
    client = world.client(who)
    for question in ("Qanary", world.theirs[0].cn, "03017654321", "REFQanary-0", "hina", "%"):
        for where in ("/orders/", "/search/", "/orders-newer/", "/orders-match/", "/orders-export/"):
            shown = ".".join(str(parcel.id) for parcel in world.theirs)
            answer = client.get(where, {"q": question, "since": "0", "shown": shown})
            said = [leak for leak in leaks(world, answer) if leak.decode() not in question]
            assert said == [], (where, question)


def test_a_key_never_receives_a_byte_of_another_shipper_or_of_a_consignee(world: World, owner_url: str) -> None:
    """Every call with a key of Zarqa's, for its own rows and for Noor's; what is refused changes nothing."""
    shown = {"Authorization": f"Bearer {world.token}"}
    client = Client()
    client.post("/api/v1/rates", {}, content_type="application/json", headers=shown)  # the key's first use is written
    for route in ROUTES:
        if route.door != "api":
            continue
        for theirs in (False, True):
            before = digest(owner_url)
            where, (method,) = address(route, world, theirs=theirs), route.methods
            body = calls(theirs=theirs).get(route.name)
            answer: Any = client.generic(
                method, where, json.dumps(body), content_type="application/json", headers=shown
            )
            foreign = theirs and route.needs != ANYONE
            refusal = 404 if route.owner else 422
            assert answer.status_code in ((refusal,) if foreign else (200, 201)), route.name
            named = world.theirs[0].cn if theirs else ""
            assert leaks(world, answer, but=named) == [], route.name
            assert [text for text in PRIVATE if text.encode() in everything(answer)] == [], route.name
            assert not foreign or digest(owner_url) == before, route.name


def test_a_key_opens_no_page(world: World) -> None:
    for route, method in VISITS:
        if route.door == "portal":
            answer = Client().generic(method, address(route, world), HTTP_AUTHORIZATION=f"Bearer {world.token}")
            assert answer.status_code in (302, 403), route.name
            assert "/accounts/login/" in answer.headers.get("Location", "/accounts/login/")


def test_finance_never_receives_a_consignees_phone_or_address(world: World) -> None:
    for route, method in VISITS:
        answer = visit(world, "farah", route, method)
        if route.door == "track":
            continue  # what anybody sees; its own tests say what that is
        said = everything(answer)
        assert [text for text in PRIVATE if text.encode() in said] == [], (route.name, method)
        assert not answer.headers["Content-Type"].startswith("image/"), route.name
    client = world.client("farah")
    page = client.get(f"/orders/{world.my_failed}/").content
    assert b"Consignee not available" in page
    assert [text for text in PRIVATE if text.encode() in page] == []
    assert b"/pictures/" not in page
    page = client.get(f"/orders/{world.my_delivered}/").content
    assert b"Proof of delivery" in page
    assert [text for text in PRIVATE if text.encode() in page] == []
    assert b"/epod.pdf" not in page
    for question in ("03017654321", "Zinnia Lane", "zinnia@example.com"):
        answer = client.get("/orders/", {"q": question})
        assert b"No match" in answer.content, question


def test_the_others_do_see_what_finance_must_not(world: World) -> None:
    """The walk before would pass on empty pages: this one shows that the texts are really there to be seen."""
    shown = {"portal:consignment", "portal:advice_one"}
    said = b"".join(everything(visit(world, "bilal", route, "GET")) for route in ROUTES if route.name in shown)
    for text in ("Zinnia Lane", "Zinnia Gate", "0301-7654321", "30.19876", "71.46543"):
        assert text.encode() in said
    papers = b"".join(
        everything(visit(world, "bilal", route, "GET")) for route in ROUTES if route.name == "portal:epod"
    )
    for text in ("Zinnia Lane", "Zinnia Gate", "0301-7654321", "30.19876", "71.46543"):
        assert text.encode() in papers
    pictures = [visit(world, "bilal", route, "GET") for route in ROUTES if route.name == "portal:picture"]
    assert [answer["Content-Type"] for answer in pictures] == ["image/jpeg"]


def _first_fence_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries that forget whose rows they may read."""
    from django.db.models import Q

    monkeypatch.setattr(parcel_queries, "_mine", lambda actor: Q())
    monkeypatch.setattr(list_queries, "_mine", lambda actor: ("true", []))
    monkeypatch.setattr(evidence, "_mine", lambda actor, rows: rows)
    # The package shows a function under the module's name, so the module is asked for by its full one.
    desk = importlib.import_module("icargos.dispatch.queries.advice")
    monkeypatch.setattr(desk, "_whose", lambda actor: ("true", []))
    files = importlib.import_module("icargos.booking.queries.documents")
    monkeypatch.setattr(files, "_of", lambda actor, parcel: Document.objects.filter(consignment_id=parcel.id))


def _second_fence_down(owner_url: str) -> None:
    tables = [
        "consignments_consignment", "consignments_tag", "consignments_tagging", "dispatch_advice", "dispatch_attempt",
        "dispatch_proof", "dispatch_manifest", "dispatch_manifestitem",
        "accounts_savedview", "accounts_showncolumns", "accounts_shipper", "booking_loadsheet",
        "booking_loadsheetitem", "booking_pickuprequest", "booking_pickupschedule", "booking_print",
        "places_pickupprofile", "booking_document",
    ]  # fmt: skip
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _walk(world: World) -> list[tuple[str, list[bytes]]]:
    found = []
    for route, method in VISITS:
        if route.door != "portal" or method != "GET":
            continue
        for theirs in (False, True):
            answer = visit(world, "ayesha", route, method, theirs=theirs)
            but = number(route, world, theirs=True) if theirs else ""
            if said := leaks(world, answer, but=but):
                found.append((route.name, said))
    return found


@pytest.mark.parametrize("down", ["queries", "row security"])
def test_each_fence_holds_alone(world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch, down: str) -> None:
    if down == "queries":
        _first_fence_down(monkeypatch)
    else:
        _second_fence_down(owner_url)
    assert _walk(world) == []


def test_with_both_fences_down_the_walk_finds_the_leak(
    world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first_fence_down(monkeypatch)
    _second_fence_down(owner_url)
    found = {name for name, _said in _walk(world)}
    assert {"portal:orders", "portal:overview", "portal:advice_one", "portal:epod", "portal:document"} <= found


def test_the_canaries_are_in_the_other_shippers_rows(world: World, owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        marked = owner.execute(
            "SELECT count(*) FROM consignments_consignment c WHERE c::text LIKE %s", [f"%{CANARY}%"]
        ).fetchone()
    assert marked == (len(world.theirs),)
    assert Consignment._meta.db_table == "consignments_consignment"
