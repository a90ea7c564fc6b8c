"""What the courier's people do on a day, through the same actions as their pages: scan, send, ride, close."""

import random
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from icargos.booking.actions import Booked, book
from icargos.consignments import queries
from icargos.consignments.queries import Filters
from icargos.consignments.rules import REASONS, Status
from icargos.dispatch import actions as dispatch
from icargos.dispatch import queries as sheets
from icargos.dispatch.actions import Scan, Scanned
from icargos.dispatch.queries import StopRow
from icargos.dispatch.rules.advice import AdviceOrder, allowed_dates
from icargos.dispatch.rules.outcome import Delivery, Failure
from icargos.dispatch.rules.proof import Call
from icargos.finance import actions as finance
from icargos.finance import queries as money
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.main.demo.goods import order
from icargos.main.demo.people import ROOT, Crew, Station
from icargos.places import queries as places

MOST = 400  # parcels one step takes up
_FAILS = 13  # of a hundred visits
_REASONS = ("CNR", "CNY", "ATO")


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
        with acting(ROOT):
            self.index = places.city_index(ROOT)

    def book(self, name: str, count: int, *, prefix: str, now: datetime) -> list[Booked]:
        """A shipper books some orders."""
        booker = self.crew.bookers[name]
        with acting(booker):
            profile = next(p for p in places.profiles(booker) if p.is_default)
            orders = [order(self.dice, profile.id, self.index, f"{prefix}-{n:02d}") for n in range(count)]
            return book(booker, orders, source="sheet", now=now)

    def standing(self, *statuses: Status) -> list[queries.Row]:
        """Parcels of all shippers in these statuses, the oldest first."""
        with acting(ROOT):
            ids = sorted(queries.ids(ROOT, Filters(statuses=statuses), most=20_000))[:MOST]
            return list(queries.many(ROOT, ids)) if ids else []

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

    def receive_booked(self, *, now: datetime) -> int:
        """Origin stations scan in what was booked."""
        return self._scan(self.by_station(self.standing(Status.NEW_BOOKED), origin=True), dispatch.receive, now)

    def send_on(self, *, now: datetime) -> int:
        """What is for another station leaves."""
        rows = [r for r in self.standing(Status.RECEIVED_AT_OFFICE) if self._leaves(r)]
        return self._scan(self.by_station(rows, origin=True), dispatch.send, now)

    def receive_sent(self, *, now: datetime, most: int = MOST) -> int:
        """Destination stations scan in what came."""
        rows = self.standing(Status.IN_TRANSIT)[:most]
        return self._scan(self.by_station(rows, origin=False), dispatch.receive, now)

    def ride(self, *, now: datetime) -> list[tuple[Station, int]]:
        """Each station's rider takes out what waits; returns the run sheets that left."""
        waiting = self.standing(Status.RECEIVED_AT_DESTINATION, Status.REATTEMPT_REQUESTED)
        waiting += [row for row in self.standing(Status.RECEIVED_AT_OFFICE) if not self._leaves(row)]
        left = []
        for station, rows in self.by_station(waiting, origin=False):
            with acting(station.desk):
                assert station.rider.user_id is not None
                run = dispatch.open_run(station.desk, station.rider.user_id, source_event_id=_event(), now=now)
                dispatch.add_to_run(station.desk, run.id, _scans(r.cn for r in rows[:40]), now=now)
                dispatch.dispatch_run(station.desk, run.id, now=now)
            left.append((station, run.id))
        return left

    def visit(self, rider: Actor, *, now: datetime, most: int = MOST) -> int:
        """A rider reports what became of his next stops."""
        with acting(rider):
            stops = [stop for stop in sheets.stops(rider) if stop.state == "pending"][:most]
        for place, stop in enumerate(stops):
            at = now + timedelta(minutes=place)
            with acting(rider):
                if self.dice.randrange(100) < _FAILS:
                    dispatch.fail(rider, self._failure(stop, at), now=at)
                else:
                    dispatch.deliver(rider, self._delivery(stop, at), now=at)
        return len(stops)

    def close(self, station: Station, run_id: int, *, now: datetime) -> None:
        """The rider hands back what he did not deliver, and the cash."""
        desk, rider = station.desk, station.rider
        assert rider.user_id is not None
        with acting(desk):
            sheet = sheets.run(desk, run_id)
            back = [stop.cn for stop in sheet.stops if stop.state in {"failed", "not_attempted", "pending"}]
            if back:
                dispatch.hand_back(desk, run_id, _scans(back), now=now)
            dispatch.close_run(desk, run_id, now=now)
            finance.close_cash(
                desk,
                run_id=run_id,
                rider_id=rider.user_id,
                station_id=station.id,
                cash_paisa=money.expected_of(desk, rider.user_id),
                digital_paisa=0,
                approved_by=None,
                now=now,
            )

    def finished(self) -> list[tuple[Station, int]]:
        """Run sheets on which no stop waits for a report any more."""
        found = []
        for station in self.crew.stations.values():
            with acting(station.desk):
                for card in sheets.board(station.desk).runs:
                    if card.state != "dispatched":
                        continue
                    stops = sheets.run(station.desk, card.id).stops
                    if all(stop.state != "pending" for stop in stops):
                        found.append((station, card.id))
        return found

    def advise(self, *, now: datetime, leave: int = 0) -> int:
        """Shippers answer what failed, but for the newest ``leave``."""
        answered = 0
        for booker in self.crew.bookers.values():
            with acting(booker):
                queue = sorted(sheets.advice_queue(booker), key=lambda row: row.id)
                for row in queue[: max(0, len(queue) - leave)]:
                    if row.state != "open":
                        continue
                    again = self.dice.randrange(100) < 80
                    order_ = AdviceOrder(
                        cn=row.cn,
                        action="reattempt" if again else "return",
                        source_event_id=_event(),
                        on_date=allowed_dates(now)[0] if again else None,
                        window="12-15" if again else "",
                        note="Please call before coming." if again else "",
                    )
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

    def _delivery(self, stop: StopRow, at: datetime) -> Delivery:
        return Delivery(
            stop_id=stop.id,
            source_event_id=_event(),
            device_at=at,
            lat=24.86 + self.dice.random() / 50,
            lng=67.0 + self.dice.random() / 50,
            accuracy_m=12.0,
            device="demo",
            receiver=stop.consignee_name,
            relation=self.dice.choice(("self", "family", "guard")),
            collected_paisa=stop.cod_paisa,
        )

    def _failure(self, stop: StopRow, at: datetime) -> Failure:
        reason = REASONS[self.dice.choice(_REASONS)]
        calls = (Call(at, 21), Call(at, 34)) if reason.code == "CNR" else ()
        return Failure(
            stop_id=stop.id,
            source_event_id=_event(),
            device_at=at,
            accuracy_m=15.0,
            device="demo",
            reason=reason.code,
            calls=calls,
        )
