"""Two shippers with parcels and sheets in every page's reach, each text of which says whose it is."""

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pypdfium2
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from icargos.accounts import actions as accounts
from icargos.booking import actions as booking
from icargos.booking.rules.order import Order
from icargos.booking.rules.printing import Wanted
from icargos.consignments import actions as consignments
from icargos.consignments import queries
from icargos.dispatch import queries as dispatch
from icargos.ground.tenancy import acting
from icargos.places import queries as places
from tests.cast import CANARY, Cast
from tests.dispatch import scene
from tests.house.handing_over import Pair, hand_over
from tests.parcels import city
from tests.worker import work_off

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
# What Farah must never receive of her own shipper's consignees.
PRIVATE = (
    "Zinnia Lane", "Zinnia Gate", "zinnia@example.com", "3017654321", "0301-7654321", "2134567890",
    "30.19876", "71.46543",
)  # fmt: skip


@dataclass
class World:
    """What the walk asks for: Zarqa's own rows, and Noor's that nobody of Zarqa may reach."""

    cast: Cast
    mine: list[queries.Parcel] = field(default_factory=list)
    theirs: list[queries.Parcel] = field(default_factory=list)
    my_import: int = 0
    their_import: int = 0
    my_fix: int = 0
    their_fix: int = 0
    my_print: int = 0
    their_print: int = 0
    my_key: int = 0
    their_key: int = 0
    my_view: int = 0
    their_view: int = 0
    token: str = ""
    my_address: int = 0
    their_address: int = 0
    my_note: int = 0
    their_note: int = 0
    my_failed: str = ""
    their_failed: str = ""
    my_delivered: str = ""
    their_delivered: str = ""
    my_paper: str = ""
    their_paper: str = ""
    my_advice: int = 0
    their_advice: int = 0
    run: int = 0
    stop: int = 0
    handing: dict[str, Pair] = field(default_factory=dict)
    clients: dict[str | None, Client] = field(default_factory=dict)

    def client(self, who: str | None) -> Client:
        """The person's browser, signed in once: a sign-in is a change of its own."""
        if who not in self.clients:
            self.clients[who] = self.cast.client(who)
            self.clients[who].raise_request_exception = False
        return self.clients[who]

    def secrets_of_b(self) -> list[bytes]:
        """What must appear in no answer to Zarqa's people."""
        found = [CANARY]
        for parcel in self.theirs:
            found += [parcel.cn, parcel.tracking_token, parcel.label_token]
        found.append(self.their_paper.partition(".")[2])
        return [text.encode() for text in found]


def build(cast: Cast) -> World:
    """Two parcels by the form and two by a sheet for each shipper."""
    world = World(cast)
    for who, mark in (("bilal", ""), ("zara", CANARY)):
        actor = cast.actor(who)
        with acting(actor):
            profile = places.profiles(actor)[0]
            lahore = places.city_index(actor).find("Lahore").city_id
            assert lahore is not None
            orders = [_order(profile.id, lahore, mark, n) for n in range(2)]
            booking.book(actor, orders, source="form", now=NOW)
            import_id, _again = booking.upload(
                actor, file_name=f"{mark or 'own'}-orders.csv", data=_sheet(mark), now=NOW
            )
        work_off()
        with acting(actor):
            booking.accept(actor, import_id, now=NOW)
        work_off()
        with acting(actor):
            cell = booking.Cell(3, "cod_amount", "900")
            fixed = booking.fix(actor, import_id, [cell], now=NOW)
            rows = queries.page(actor, queries.Filters()).rows
            parcels = queries.many(actor, sorted(row.id for row in rows))
        assert len(parcels) == 3, "two by the form, one of the sheet's two rows"
        with acting(actor):
            wanted = Wanted(form="a4-4")
            one_print = booking.print_labels(actor, [parcels[0].id], wanted, base_url="https://x.pk", now=NOW)
        if mark:
            world.their_print = one_print
        else:
            world.my_print = one_print
        if mark:
            world.theirs, world.their_import, world.their_fix = parcels, import_id, fixed.id
        else:
            world.mine, world.my_import, world.my_fix = parcels, import_id, fixed.id
        with acting(actor):
            consignments.tag(actor, [one.id for one in parcels], f"{mark or 'own'} tag", now=NOW)
            view = accounts.keep_view(actor, "orders", f"{mark or 'Own'} view", f"q={mark or 'Hina'}")
            accounts.keep_columns(actor, "orders", ["ref", "consignee", "tags", "profile"])
        if mark:
            world.their_view = view
        else:
            world.my_view = view
    for owner in ("ayesha", "zara"):
        with acting(cast.actor(owner)):
            name = f"{CANARY} shop" if owner == "zara" else "Shop"
            made = accounts.create_key(cast.actor(owner), name=name, scopes=["book", "track", "rates"], now=NOW)
        if owner == "zara":
            world.their_key = made.id
        else:
            world.my_key, world.token = made.id, made.token
    _remember(world)
    _fail(world)
    _deliver(world)
    world.handing, listed = hand_over(cast)
    with acting(cast.actor("zara")):
        world.theirs += queries.many(cast.actor("zara"), listed)
    return world


def _remember(world: World) -> None:
    """Each shipper keeps a consignee in its address book and a note at its first parcel."""
    for who, mark in (("bilal", ""), ("zara", CANARY)):
        actor = world.cast.actor(who)
        parcel = (world.theirs if mark else world.mine)[0]
        values = {
            "consignee_name": f"{mark} Hina kept".strip(),
            "consignee_phone": "0301-7654321",
            "destination_city": "Lahore",
            "address": f"House 99, Zinnia Lane {mark}",
            "landmark": f"Zinnia Gate {mark}",
            "consignee_email": "zinnia@example.com",
        }
        with acting(actor):
            booking.keep_address(actor, values, now=NOW)
            (kept,) = places.addresses(actor)
            note = consignments.add_note(actor, parcel.cn, f"Ring 0301-7654321 {mark}", now=NOW)
        if mark:
            world.their_address, world.their_note = kept.id, note
        else:
            world.my_address, world.my_note = kept.id, note


def _fail(world: World) -> None:
    """One parcel of each shipper went out with Imran and failed: notes, photo and position of both exist."""
    cast = world.cast
    cns = [
        scene.brought(
            cast,
            whose=whose,
            origin_id=city("Karachi"),
            consignee_name=f"{mark} Hina failed".strip(),
            consignee_phone="+923017654321",
            address=f"House 9, Zinnia Lane {mark}",
            landmark=f"Zinnia Gate {mark}",
            order_ref=f"F{mark}-1",
        )[0].cn
        for whose, mark in (("A", ""), ("B", CANARY))
    ]
    world.my_failed, world.their_failed = cns
    world.run = scene.run_of(cast, cns)
    for cn, mark in zip(cns, ("", CANARY), strict=True):
        note = f"Rang 0301-7654321 at Zinnia Gate {mark}"
        scene.fail(cast, scene.failure(cast, cn, lat=30.19876, lng=71.46543, note=note))
    world.stop = scene.stop_of(cast, cns[0]).id
    for who in ("bilal", "zara"):
        actor = cast.actor(who)
        with acting(actor):
            (row,) = dispatch.advice_queue(actor)
            parcel = queries.one(actor, row.cn)
        if who == "bilal":
            world.my_advice = row.id
        else:
            world.their_advice = row.id
            world.theirs.append(parcel)


def _deliver(world: World) -> None:
    """One parcel of each shipper was handed over: signature, photo, position and a printed proof's token exist."""
    cast = world.cast
    for whose, mark, who in (("A", "", "bilal"), ("B", CANARY, "zara")):
        (entered,) = scene.brought(
            cast,
            whose=whose,
            origin_id=city("Karachi"),
            consignee_name=f"{mark} Hina delivered".strip(),
            consignee_phone="+923017654321",
            address=f"House 9, Zinnia Lane {mark}",
            landmark=f"Zinnia Gate {mark}",
            order_ref=f"D{mark}-1",
            product=f"Shawl {mark}",
        )
        scene.run_of(cast, [entered.cn])
        handed = scene.delivery(
            cast,
            entered.cn,
            receiver=f"{mark} Hina".strip(),
            signature=scene.file(scene.signature()),
            photos=(scene.file(scene.picture()),),
            lat=30.19876,
            lng=71.46543,
            note=f"Rang 0301-7654321 at Zinnia Gate {mark}",
        )
        scene.deliver(cast, handed)
        actor = cast.actor(who)
        with acting(actor):
            parcel = queries.one(actor, entered.cn)
            proven = dispatch.printable(actor, parcel)
        token = dispatch.proof_token(proven.cn, proven.sha256)
        if mark:
            world.their_delivered, world.their_paper = entered.cn, token
            world.theirs.append(parcel)
        else:
            world.my_delivered, world.my_paper = entered.cn, token


def _order(profile_id: int, city_id: int, mark: str, n: int) -> Order:
    return Order(
        service="overnight",
        profile_id=profile_id,
        destination_city_id=city_id,
        consignee_name=f"{mark} Hina {n}".strip(),
        consignee_phone="+923017654321",
        alt_phone="+922134567890",
        consignee_email="zinnia@example.com",
        address=f"House {n}, Zinnia Lane {mark}",
        landmark=f"Zinnia Gate {mark}",
        pieces=1,
        weight_g=500,
        cod_paisa=275_000,
        product=f"Shawl {mark}",
        remarks=f"Ring twice {mark}",
        order_ref=f"REF{mark}-{n}",
    )


def _sheet(mark: str) -> bytes:
    head = "Order Ref,Service,Destination City,Consignee Name,Consignee Phone,Consignee Address,Pieces,Weight (kg),"
    head += "COD Amount,Product Description"
    good = f"S{mark}-1,Overnight,Lahore,{mark} Sana,03017654321,House 7 Zinnia Lane {mark},1,1,1500,Kurta {mark}"
    bad = f"S{mark}-2,Overnight,Nowhere {mark},{mark} Noor,12,House 8 Zinnia Lane {mark},1,1,,Kurta {mark}"
    return "\n".join([head, good, bad]).encode()


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """A plausible body for each route that takes a POST."""
    form = {
        "once": "0" * 32, "profile": "4102", "consignee_name": "Hina", "consignee_phone": "03017654321",
        "destination_city": "Lahore", "address": "House 1, Street 2, Gulberg", "pieces": "1", "weight_kg": "1",
        "cod_amount": "100", "product": "Shawl", "service": "overnight", "proof": "none", "then": "open",
    }  # fmt: skip
    return {
        "set_language": {"language": "en", "next": "/"},
        "portal:book": form,
        "portal:quote": form,
        "portal:consignees": {"consignee_phone": "030176"},
        "portal:edit": form,
        "portal:edit_quote": form,
        "portal:note": {"note": "Ask the guard"},
        "portal:address_new": form,
        "portal:address": form,
        "portal:addresses_merge": {"id": [world.my_address, world.my_address]},
        "portal:addresses_remove": {"id": world.my_address},
        "portal:profile_new": {
            "name": "Walk",
            "phone": "0300 8224419",
            "address": "Shop 21, Liberty",
            "city": "Lahore",
        },
        "portal:profile": {"name": "Walk", "phone": "0300 8224419", "address": "Shop 21, Liberty", "city": "Lahore"},
        "portal:profile_use": {"to": "retired"},
        "portal:profile_choice": {"code": "4102"},
        "portal:imports": {},
        "portal:import_fix": {"row": "3", "c:cod_amount": "700"},
        "portal:import_paste": {"row": "3", "key": "destination_city", "text": "Lahore"},
        "portal:import_duplicates": {"policy": "book"},
        "portal:api_settings": {"name": "Walk", "scope": ["track"]},
        "portal:labels": {"cn": world.mine[0].cn},
        "portal:ready": {"cn": world.mine[0].cn},
        "portal:sheets_make": {"cn": world.mine[1].cn, "once": "walk"},
        "portal:pickup_of": {"cn": world.mine[1].cn},
        "portal:pickup_ask": {
            "profile": str(world.cast.profile_a),
            "often": "weekly",
            "weekday": "0",
            "slot": "09-12",
            "parcels": "2",
            "weight": "1.5",
            "note": "Gate 2",
        },
        "portal:load_sheet_new": {"profile": str(world.cast.profile_a), "once": "walk"},
        "portal:load_sheet_scan": {"cns": world.mine[2].cn, "event": "a" * 32},
        "portal:label_settings": {"options": "1", "format": "a6", "sorting": "destination"},
        "portal:label_logo": {"remove": "1"},
        "portal:orders_cancel": {"cn": world.mine[1].cn, "once": "1" * 32},
        "portal:orders_tag": {"cn": world.mine[1].cn, "tag": "walk", "do": "add"},
        "portal:orders_advise": {"cn": world.mine[1].cn, "action": "hold", "once": "2" * 32},
        "portal:orders_take": {"cn": world.mine[1].cn, "as": "csv"},
        "portal:orders_views": {"name": "Walk", "query": "q=Walk"},
        "portal:orders_view": {"name": "Walked", "query": "q=Walk"},
        "portal:orders_columns": {"column": ["ref", "status"]},
        "portal:advise": {"action": "hold", "event": "a" * 32, "note": "Ask the guard"},
    }


def calls(*, theirs: bool) -> dict[str, dict[str, Any]]:
    """A body for each call of the API that takes one; ``theirs`` names the other shipper's Profile ID."""
    profile = "4103" if theirs else "4102"
    consignee = {"name": "Hina", "phone": "03011234567", "address": "House 1, Street 2, Gulberg", "city": "Lahore"}
    booking = {"profile_id": profile, "service": "overnight", "consignee": consignee, "pieces": 1, "weight_kg": 1}
    return {
        "api:bookings": booking | {"cod_amount": 100, "product": "Shawl"},
        "api:rates": {"profile_id": profile, "city": "Lahore", "weight_kg": 1},
    }


def everything(answer: HttpResponse) -> bytes:
    """All that an answer carries: headers, cookies, body; and for a PDF its texts and its streams unpacked."""
    said = answer.headers.__str__().encode() + str(answer.cookies).encode()
    body = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content  # type: ignore[attr-defined]
    said += body
    if body[:4] == b"%PDF":
        pdf = pypdfium2.PdfDocument(body)
        words = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        said += words.encode() + " ".join(words.split()).encode()  # a narrow column breaks what is looked for
        for start in _places(body, b"stream\n"):
            try:
                said += zlib.decompressobj().decompress(body[start:])
            except zlib.error:
                continue
    return said


def _places(body: bytes, what: bytes) -> list[int]:
    found, at = [], body.find(what)
    while at >= 0:
        found.append(at + len(what))
        at = body.find(what, at + 1)
    return found


def digest(owner_url: str) -> str:
    """A fingerprint of every table but those that any visit may touch (sessions, the limits' cache)."""
    import psycopg

    with psycopg.connect(owner_url) as owner:
        names = [
            row[0]
            for row in owner.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT IN ('django_session', 'ground_cache', 'ground_bucket')"
                " AND tablename NOT LIKE 'procrastinate%'"
                " ORDER BY 1"
            )
        ]
        seen = hashlib.sha256()
        for name in names:
            found = owner.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" t"
            )
            seen.update(f"{name}={found.fetchone()}".encode())
    connection.close()
    return seen.hexdigest()
