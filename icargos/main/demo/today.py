"""The demo's day that is still going on: everything through the real actions, so that every page has work on it."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from icargos.booking import actions as booking
from icargos.consignments.rules import Status
from icargos.dispatch import actions as dispatch
from icargos.dispatch import queries as sheets
from icargos.dispatch.actions import Scan
from icargos.dispatch.queries import StopRow
from icargos.dispatch.rules.outcome import Delivery
from icargos.ground.relay import FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.main.demo.courier import Day
from icargos.main.demo.goods import SHOPS, order
from icargos.main.demo.people import BARQ, NOOR, ZARQA, Crew, Station
from icargos.main.demo.sheets import sheet
from icargos.places import queries as places

_LONGEST = timedelta(hours=6)


class Today:
    """This morning up to this minute; on a small clock where the day is young."""

    def __init__(self, crew: Crew, dice: random.Random, *, now: datetime) -> None:
        self.crew = crew
        self.dice = dice
        self.day = Day(crew, dice)
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        self.began = max(midnight, now - _LONGEST)
        self.span = now - self.began

    def at(self, part: float) -> datetime:
        """The moment when this part of the morning, 0 to 1, was over."""
        return self.began + self.span * part

    def live(self, counts: Mapping[str, int]) -> None:
        """Line-haul is unloaded or on the road, riders are out, shippers book ``counts`` parcels and send sheets."""
        day = self.day
        waiting = len(day.standing(Status.IN_TRANSIT))
        day.receive_sent(now=self.at(0.02), most=waiting * 3 // 4)
        day.put_on_the_road(now=self.at(0.05))
        left = day.ride(now=self.at(0.12))
        for station, run_id in left:
            self._drive(station, run_id, whole=station.code == "FSD")
        self._load_another()
        self._contradict(left)
        day.advise(now=self.at(0.9), leave=12, most=4)
        for shipper, count in counts.items():
            self._book(shipper, count)

    def _drive(self, station: Station, run_id: int, *, whole: bool) -> None:
        """A rider comes some way through his run; ``whole``: he is back already, and his cash is counted."""
        rider, stops = self._run(station, run_id)
        number = len(stops) if whole else len(stops) * self.dice.randint(20, 40) // 100
        every = self.span * 0.65 / max(1, number)
        self.day.visit(rider, now=self.at(0.18), most=number, every=every)
        if whole:
            self.day.close(station, run_id, now=self.at(0.92))

    def _run(self, station: Station, run_id: int) -> tuple[Actor, list[StopRow]]:
        """Who drives it, and its stops."""
        with acting(station.desk):
            sheet_ = sheets.run(station.desk, run_id)
        return next(one for one in station.riders if one.user_id == sheet_.run.rider_id), sheet_.stops

    def _load_another(self) -> None:
        """A sheet for the afternoon that is still being loaded, where more waits than the riders could take."""
        waiting = self.day.by_station(self.day.standing(Status.RECEIVED_AT_DESTINATION), origin=False)
        if waiting:
            station, rows = max(waiting, key=lambda one: len(one[1]))
            self.day.load(station, station.riders[-1], rows[:9], now=self.at(0.8))

    def _contradict(self, left: Sequence[tuple[Station, int]]) -> None:
        """A parcel was scanned back, and then its rider's phone told that it was delivered: the desk must decide."""
        for station, run_id in left:
            rider, stops = self._run(station, run_id)
            stop = next((one for one in reversed(stops) if one.state == "pending"), None)
            if stop is None:
                continue
            with acting(station.desk):
                scan = Scan(cn=stop.cn, source_event_id=f"today-back-{stop.id}")
                dispatch.hand_back(station.desk, run_id, [scan], now=self.at(0.86))
            report = self.day.scene.report(stop.id, self.day.door(stop), "delivered", self.at(0.7), self.at(0.88))
            assert isinstance(report, Delivery)
            with acting(rider):
                dispatch.deliver(rider, report, now=self.at(0.88))
            return

    def _book(self, shipper: str, count: int) -> None:
        """This morning's parcels: some by a sheet where the shipper sends sheets, others by the API or the form."""
        by_sheet = min(48, count // 2) if shipper != BARQ else 0
        if by_sheet:
            self._send_sheet(shipper, "orders-morning.csv", by_sheet, accept=True)
        if shipper == ZARQA:
            # One waits for the shipper to decide about its wrong rows, one was no sheet at all.
            self._send_sheet(shipper, "orders-noon.csv", max(12, by_sheet), wrong=max(3, by_sheet // 6))
            self._upload(shipper, "price-list.pdf", b"%PDF-1.4\n" + b"\x00" * 600)
        for place, part in enumerate((0.3, 0.6)):
            number = (count - by_sheet) // 2 + place * ((count - by_sheet) % 2)
            if number:
                at = self.at(part)
                prefix = f"{SHOPS[shipper].prefix}-{at:%m%d}{'AB'[place]}"
                source = "api" if shipper != NOOR else "form"
                self.day.book(shipper, number, prefix=prefix, now=at, source=source)

    def _send_sheet(self, shipper: str, name: str, rows: int, *, wrong: int = 0, accept: bool = False) -> None:
        booker, shop = self.crew.bookers[shipper], SHOPS[shipper]
        with acting(booker):
            profile = places.profiles(booker)[0]
        prefix = f"{shop.prefix}-S{self.began:%m%d}-{name[7]}"
        orders = [order(self.dice, profile.id, self.day.index, f"{prefix}{n:03d}", shop) for n in range(rows)]
        import_id = self._upload(shipper, name, sheet(self.dice, orders, self.day.index, wrong=wrong))
        if accept:
            with acting(booker):
                booking.accept(booker, import_id, now=self.at(0.5))
            booking.book_imports([self._told("import.accepted", booker, import_id)])

    def _upload(self, shipper: str, name: str, data: bytes) -> int:
        """Send a file and have it checked at once, as the worker would."""
        booker = self.crew.bookers[shipper]
        with acting(booker):
            import_id, _known = booking.upload(booker, file_name=name, data=data, now=self.at(0.4))
        booking.check_imports([self._told("import.uploaded", booker, import_id)])
        return import_id

    @staticmethod
    def _told(kind: str, booker: Actor, import_id: int) -> FactRow:
        return FactRow(0, kind, booker.shipper_id, import_id, booker.user_id, {})
