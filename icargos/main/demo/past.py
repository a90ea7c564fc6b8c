"""The demo's weeks: booked by the shippers, lived through by the courier's people, written down a week at a time."""

import random
from collections.abc import Callable
from datetime import date, datetime

from icargos.booking import actions as booking
from icargos.booking import queries as prices
from icargos.consignments import actions as consignments
from icargos.dispatch import actions as dispatch
from icargos.dispatch.rules.past import Deed
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor
from icargos.main.demo import fates
from icargos.main.demo.fates import End, Fate
from icargos.main.demo.goods import SHOPS, Shop, order
from icargos.main.demo.lives import Life, Lives, clock
from icargos.main.demo.people import BARQ, NOOR, ROOT, ZARQA, Crew
from icargos.main.demo.season import Season
from icargos.places import queries as places

# When each shipper books, and how.
_TIMES = {ZARQA: (11, 40, "sheet"), BARQ: (12, 30, "api"), NOOR: (14, 30, "form")}
_STRETCH = 12  # working days written down at once
Tell = Callable[[str], None]


class Past:
    """The demo's past, from its first booking to last night."""

    def __init__(self, crew: Crew, season: Season, dice: random.Random, *, now: datetime) -> None:
        self.crew = crew
        self.season = season
        self.dice = dice
        self.now = now
        self.lives = Lives(crew, season, dice)
        self.serial = 0
        with acting(ROOT):
            self.index = places.city_index(ROOT)

    def live(self, counts: dict[tuple[date, str], int], tell: Tell) -> None:
        """Live through every working day and write it down; says how far it is now and then."""
        deeds: list[Deed] = []
        days = self.season.worked
        for place, day in enumerate(days, start=1):
            for shipper in SHOPS:
                self.book(shipper, counts[day, shipper], day)
            self._cancel(day)
            deeds += self.lives.day(day)
            if place % _STRETCH == 0 or place == len(days):
                with acting(ROOT):
                    dispatch.record_past(ROOT, deeds, now=self.now)
                deeds = []
                tell(f"  {day:%d %b %Y}: {self.serial:,} parcels booked")

    def book(self, shipper: str, count: int, day: date) -> None:
        """A shipper's bookings of one day."""
        hour, minute, source = _TIMES[shipper]
        at = clock(day, hour, minute + self.dice.randint(0, 39), self.dice.randint(0, 59))
        if count:
            self._book(self.crew.bookers[shipper], shipper, SHOPS[shipper], count, source, at)

    def _book(self, booker: Actor, shipper: str, shop: Shop, number: int, source: str, at: datetime) -> None:
        with acting(booker):
            on = prices.terms(booker, now=at)
            profiles = self.dice.choices(on.profiles, weights=[6, 3, 1][: len(on.profiles)], k=number)
            orders = []
            for profile in profiles:
                self.serial += 1
                orders.append(order(self.dice, profile.id, on.index, f"{shop.prefix}-{self.serial:05d}", shop))
            booked = booking.book(booker, orders, source=source, now=at, on=on)
            consignments.count_print(booker, [one.id for one in booked], form="4x6", now=at)
        for one, wanted, profile in zip(booked, orders, profiles, strict=True):
            origin, city = on.index.get(profile.city_id), on.index.get(wanted.destination_city_id)
            assert origin is not None
            assert city is not None
            fate = fates.draw(self.dice, shipper)
            if origin.station == city.station and fate.end in (End.LOST, End.DAMAGED):
                fate = Fate(End.DELIVERED, 1)
            late = 5 if fate.end is End.EXPIRED else self.dice.choices((0, 1), weights=(93, 7))[0]
            due = self.season.after(at.date(), late)
            self.lives.all.append(
                Life(one.cn, shipper, wanted, origin.station, city.station, city, fate, at.date(), due)
            )

    def _cancel(self, day: date) -> None:
        gone = self.lives.cancelled(day)
        for shipper in SHOPS:
            cns = [life.cn for life in gone if life.shipper == shipper]
            if cns:
                booker = self.crew.bookers[shipper]
                with acting(booker):
                    booking.cancel(booker, cns, now=clock(day, 17, 20))
