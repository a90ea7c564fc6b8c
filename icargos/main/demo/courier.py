"""What the courier's people do at one moment, through the same actions as their pages: scan, send, ride, close."""

import random
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from icargos.booking.actions import Booked, book
from icargos.consignments import queries
from icargos.consignments.queries import Filters
from icargos.consignments.rules import Status
from icargos.dispatch import actions as dispatch
from icargos.dispatch import queries as sheets
from icargos.dispatch.actions import Scan, Scanned
from icargos.dispatch.queries import StopRow
from icargos.dispatch.rules.advice import allowed_dates
from icargos.dispatch.rules.manifest import Details
from icargos.dispatch.rules.outcome import Delivery, Failure
from icargos.finance import actions as finance
from icargos.finance import queries as money
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.main.demo import fates
from icargos.main.demo.answers import answer
from icargos.main.demo.goods import SHOPS, order
from icargos.main.demo.people import ROOT, Crew, Station
from icargos.main.demo.visits import Door, Scene
from icargos.places import queries as places

MOST = 400  # parcels one step takes up
ON_A_RUN = 30
_FAILS = 17  # of a hundred visits
_DRIVERS = ("Ghulam Rasool", "Akbar Khan", "Nasir Mehmood", "Abdul Ghaffar", "Sher Zaman")


class Scanner(Protocol):
    """``receive`` or ``send``."""

    def __call__(self, actor: Actor, scans: Sequence[Scan], *, now: datetime) -> list[Scanned]: ...


def _event() -> str:
    return secrets.token_hex(12)


def _scans(cns: Iterable[str]) -> list[Scan]:
    return [Scan(cn=cn, source_event_id=_event()) for cn in cns]


class Day:
    """One moment in the life of the courier: each method is one thing its people do then."""

    def __init__(self, crew: Crew, dice: random.Random) -> None:
        self.crew = crew
        self.dice = dice
        self.scene = Scene(dice)
        with acting(ROOT):
            self.index = places.city_index(ROOT)

    def book(self, name: str, count: int, *, prefix: str, now: datetime, source: str = "sheet") -> list[Booked]:
        """A shipper books some orders."""
        booker, shop = self.crew.bookers[name], SHOPS[name]
        with acting(booker):
            profile = self.dice.choice(places.profiles(booker))
            orders = [order(self.dice, profile.id, self.index, f"{prefix}-{n:02d}", shop) for n in range(count)]
            return book(booker, orders, source=source, now=now)

    def standing(self, *statuses: Status, most: int = MOST) -> list[queries.Row]:
        """Parcels of all shippers in these statuses, the oldest first."""
        with acting(ROOT):
            ids = sorted(queries.ids(ROOT, Filters(statuses=statuses), most=20_000))[:most]
            return sorted(queries.many(ROOT, ids), key=lambda row: row.id) if ids else []

    def station_of(self, city: str) -> str:
        """The code of the station that serves a city."""
        found = self.index.find(city).city_id
        row = self.index.get(found) if found else None
        return row.station if row else ""

    def by_station(self, rows: Sequence[queries.Row], *, origin: bool) -> list[tuple[Station, list[queries.Row]]]:
        """The parcels grouped by the station that has to do with them."""

        def key(row: queries.Row) -> str:
            return self.station_of(row.origin if origin else row.destination)

        groups = groupby(sorted(rows, key=key), key=key)
        return [(self.crew.stations[code], list(some)) for code, some in groups if code in self.crew.stations]

    def receive_booked(self, *, now: datetime, most: int = MOST) -> int:
        """Origin stations scan in what was booked."""
        rows = self.standing(Status.NEW_BOOKED, most=most)
        return self._scan(self.by_station(rows, origin=True), dispatch.receive, now)

    def send_on(self, *, now: datetime, most: int = MOST) -> int:
        """What is for another station leaves, and so does what goes back."""
        rows = [r for r in self.standing(Status.RECEIVED_AT_OFFICE) if self._leaves(r)][:most]
        back = [r for r in self.standing(Status.RETURN_CONFIRMED) if self._leaves(r)][:most]
        left = self._scan(self.by_station(rows, origin=True), dispatch.send, now)
        return left + self._scan(self.by_station(back, origin=False), dispatch.send, now)

    def receive_sent(self, *, now: datetime, most: int = MOST) -> int:
        """Destination stations scan in what came, origin stations what came back."""
        rows = self.standing(Status.IN_TRANSIT, most=most)
        back = self.standing(Status.RETURN_IN_TRANSIT, most=most)
        came = self._scan(self.by_station(rows, origin=False), dispatch.receive, now)
        came += self._scan(self.by_station(back, origin=True), dispatch.receive, now)
        self._finish_manifests(now=now)
        return came

    def put_on_the_road(self, *, now: datetime) -> None:
        """What is in transit travels on manifests, a vehicle for each way."""
        for station, rows in self.by_station(self.standing(Status.IN_TRANSIT), origin=True):
            ways: dict[str, list[str]] = {}
            for row in rows:
                ways.setdefault(self.station_of(row.destination), []).append(row.cn)
            for code, cns in sorted(ways.items()):
                if code in self.crew.stations:
                    self._send_off(station, self.crew.stations[code].id, cns, now=now)

    def _send_off(self, station: Station, there: int, cns: Sequence[str], *, now: datetime) -> None:
        details = Details(
            vehicle=f"{self.dice.choice(('JX', 'LEA', 'TKA', 'MNX'))}-{self.dice.randint(1000, 9999)}",
            driver=self.dice.choice(_DRIVERS),
            seal=f"S-{self.dice.randint(10_000, 99_999)}",
            bags=1 + len(cns) // 12,
            expected_at=now + timedelta(hours=14),
        )
        with acting(station.desk):
            number = dispatch.open_manifest(station.desk, there, source_event_id=_event(), now=now)
            dispatch.add_to_manifest(station.desk, number, _scans(cns), now=now)
            dispatch.send_manifest(station.desk, number, details, now=now)

    def _finish_manifests(self, *, now: datetime) -> None:
        """Whoever has found all that a manifest lists ends its check-in."""
        for station in self.crew.stations.values():
            with acting(station.desk):
                for card in sheets.manifest_board(station.desk).incoming:
                    if card.state == "departed" and not card.awaited:
                        dispatch.finish_manifest(station.desk, card.number, now=now)

    def ride(self, *, now: datetime, most: int = ON_A_RUN, runs: int = MOST) -> list[tuple[Station, int]]:
        """Riders who are in take out what waits at their stations; returns the run sheets that left.

        At most ``most`` parcels on a run, at most ``runs`` in all.
        """
        failed = self.standing(Status.REATTEMPT_REQUESTED, Status.DELIVERY_UNSUCCESSFUL)
        waiting = failed + self.standing(Status.RECEIVED_AT_DESTINATION)
        waiting += [row for row in self.standing(Status.RECEIVED_AT_OFFICE) if not self._leaves(row)]
        left: list[tuple[Station, int]] = []
        for station, rows in self.by_station(waiting, origin=False):
            out = self.out(station)
            free = [rider for rider in station.riders if rider.user_id not in out]
            for place, rider in enumerate(free):
                # Each of them takes old and new parcels.
                mine = rows[place :: len(free)][:most] if len(left) < runs else []
                run_id = self.load(station, rider, mine, now=now) if mine else 0
                if run_id:
                    with acting(station.desk):
                        dispatch.dispatch_run(station.desk, run_id, now=now)
                    left.append((station, run_id))
        return left

    def out(self, station: Station) -> set[int]:
        """Who of the station's riders is out."""
        with acting(station.desk):
            return {card.rider_id for card in sheets.board(station.desk).runs if card.state == "dispatched"}

    def load(self, station: Station, rider: Actor, rows: Sequence[queries.Row], *, now: datetime) -> int:
        """Put parcels on the rider's open run sheet, or on a new one; its id, or 0 when it is empty still."""
        assert rider.user_id is not None
        with acting(station.desk):
            cards = sheets.board(station.desk).runs
            known = next((c for c in cards if c.rider_id == rider.user_id and c.state == "open"), None)
            event = _event()
            run_id = (
                known.id if known else dispatch.open_run(station.desk, rider.user_id, source_event_id=event, now=now).id
            )
            answers = dispatch.add_to_run(station.desk, run_id, _scans(r.cn for r in rows), now=now)
        loaded = (known.stops if known else 0) + sum(one.verdict == "moved" for one in answers)
        return run_id if loaded else 0

    def visit(self, rider: Actor, *, now: datetime, most: int = MOST, every: timedelta = timedelta(0)) -> int:
        """A rider reports what became of his next stops, the first at ``now``; returns how many."""
        with acting(rider):
            stops = [stop for stop in sheets.stops(rider) if stop.state == "pending"][:most]
        for place, stop in enumerate(stops):
            at = now + every * place
            fails = self.dice.randrange(100) < _FAILS
            outcome = fates.reason(self.dice, last=self.dice.randrange(100) < 40) if fails else "delivered"
            report = self.scene.report(stop.id, self.door(stop), outcome, at, at)
            with acting(rider):
                if isinstance(report, Delivery):
                    dispatch.deliver(rider, report, now=at)
                elif isinstance(report, Failure):
                    dispatch.fail(rider, report, now=at)
        return len(stops)

    def close(self, station: Station, run_id: int, *, now: datetime) -> None:
        """The rider hands back what he did not deliver, and the cash."""
        desk = station.desk
        with acting(desk):
            sheet = sheets.run(desk, run_id)
            back = [stop.cn for stop in sheet.stops if stop.state in {"failed", "not_attempted", "pending"}]
            if back:
                dispatch.hand_back(desk, run_id, _scans(back), now=now)
            dispatch.close_run(desk, run_id, now=now)
            finance.close_cash(
                desk,
                run_id=run_id,
                rider_id=sheet.run.rider_id,
                station_id=station.id,
                cash_paisa=money.expected_of(desk, sheet.run.rider_id),
                digital_paisa=0,
                approved_by=None,
                now=now,
            )

    def finished(self) -> list[tuple[Station, int]]:
        """Run sheets on which no stop waits for a report any more."""
        found = []
        for station in self.crew.stations.values():
            with acting(station.desk):
                cards = sheets.board(station.desk).runs
            found += [(station, card.id) for card in cards if card.state == "dispatched" and not card.pending]
        return found

    def advise(self, *, now: datetime, leave: int = 0, most: int = MOST) -> int:
        """Each shipper answers at most ``most`` of what failed, the oldest first, but for the newest ``leave``."""
        answered = 0
        for booker in self.crew.bookers.values():
            with acting(booker):
                queue = sorted(sheets.advice_queue(booker), key=lambda row: row.id)
                asked = [row for row in queue[: max(0, len(queue) - leave)] if row.state == "open"]
                for row in asked[:most]:
                    again = self.dice.randrange(100) < 70
                    order_ = answer(self.dice, row.cn, row.reason, allowed_dates(now)[0] if again else None)
                    dispatch.advise(booker, order_, now=now)
                    answered += 1
        return answered

    def _leaves(self, row: queries.Row) -> bool:
        return self.station_of(row.origin) != self.station_of(row.destination)

    def _scan(self, groups: list[tuple[Station, list[queries.Row]]], how: Scanner, now: datetime) -> int:
        done = 0
        for station, rows in groups:
            with acting(station.desk):
                answers = how(station.desk, _scans(r.cn for r in rows), now=now)
            done += sum(answer.verdict == "moved" for answer in answers)
        return done

    def door(self, stop: StopRow) -> Door:
        """What the rider finds at a stop."""
        city = self.index.get(self.index.find(stop.city).city_id or 0)
        where = (city.lat, city.lon) if city else (24.86, 67.01)
        return Door(stop.consignee_name, stop.cod_paisa, stop.proof, *where)
