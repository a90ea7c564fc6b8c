"""The demo's parcels through their days: who does what with each of them, and when. Decides, and writes nothing."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto

from icargos.booking.rules.order import Order
from icargos.consignments.rules import REASONS, Status
from icargos.dispatch.rules.advice import ZONE, allowed_dates, asks
from icargos.dispatch.rules.outcome import Delivery
from icargos.dispatch.rules.past import Advised, Answered, Arrival, Deed, Departure, PastRun, Step
from icargos.finance.rules import CASH
from icargos.kit.actor import Actor
from icargos.main.demo import fates
from icargos.main.demo.answers import answer
from icargos.main.demo.fates import End, Fate
from icargos.main.demo.people import Crew, Station
from icargos.main.demo.season import Season
from icargos.main.demo.visits import Door, Scene
from icargos.places.rules import CityRow

_MOST_A_DAY = 70  # stops of one rider
_SCAN_EVERY = timedelta(seconds=4)


class Stage(StrEnum):
    """Where a parcel is in its life, as the demo sees it."""

    BOOKED = auto()
    AT_ORIGIN = auto()
    ON_THE_WAY = auto()
    AT_DESTINATION = auto()  # may go out on the day it is due
    ASKED = auto()  # waits for the shipper
    GOES_BACK = auto()
    ON_THE_WAY_BACK = auto()
    BACK = auto()
    BROKEN = auto()
    CLAIMED = auto()
    OVER = auto()


_AT_ITS_ORIGIN = frozenset({Stage.BOOKED, Stage.AT_ORIGIN, Stage.ON_THE_WAY_BACK})
_DAYS: Mapping[str, Sequence[int]] = {
    "overnight": (1, 1, 1, 1, 2),
    "second_day": (2, 2, 2, 3),
    "overland": (2, 3, 3, 4),
}


@dataclass(slots=True, eq=False)
class Life:
    """One parcel and what is planned for it. ``due`` is the day of its next step."""

    cn: str
    shipper: str
    order: Order
    origin: str  # station codes
    destination: str
    city: CityRow
    fate: Fate
    booked_on: date
    due: date
    stage: Stage = Stage.BOOKED
    visits: int = 0
    reason: str = ""  # the last visit's
    answer_on: date | None = None  # when the shipper will answer
    to_accept: bool = False  # the desk has yet to accept that it goes back

    @property
    def door(self) -> Door:
        """What the rider finds."""
        order = self.order
        return Door(order.consignee_name, order.cod_paisa, order.proof, self.city.lat, self.city.lon)


class Lives:
    """All parcels of the demo that have not come to their end. ``day`` lives through one working day."""

    def __init__(self, crew: Crew, season: Season, dice: random.Random) -> None:
        self.crew = crew
        self.season = season
        self.dice = dice
        self.scene = Scene(dice)
        self.all: list[Life] = []

    def cancelled(self, day: date) -> list[Life]:
        """Parcels that their shippers cancel on this day, before anybody came for them; they are over."""
        gone = [life for life in self._now(Stage.BOOKED, day) if life.fate.end is End.CANCELLED]
        for life in gone:
            life.stage = Stage.OVER
        return gone

    def day(self, day: date) -> list[Deed]:
        """Everything that happens on a working day, in an order in which no parcel's steps are swapped."""
        deeds: list[Deed] = []
        for part in (self._arrive, self._settle, self._come_back, self._ride, self._collect, self._answer, self._leave):
            deeds += part(day)
        self.all = [life for life in self.all if life.stage is not Stage.OVER]
        return deeds

    def _now(self, stage: Stage, day: date) -> list[Life]:
        return [life for life in self.all if life.stage is stage and life.due <= day]

    def _desk(self, code: str) -> Station:
        return self.crew.stations[code]

    def _scans(self, lives: Iterable[Life], at: datetime) -> Iterator[tuple[Life, datetime]]:
        """One beep after the other at each station."""
        beeps: Counter[str] = Counter()
        for life in lives:
            here = life.origin if life.stage in _AT_ITS_ORIGIN else life.destination
            beeps[here] += 1
            yield life, at + _SCAN_EVERY * beeps[here]

    def _arrive(self, day: date) -> Iterator[Deed]:
        """Line-haul is unloaded at the destinations: some parcels are missing, some broken, a few went astray."""
        for life, at in self._scans(self._now(Stage.ON_THE_WAY, day), clock(day, 7, self.dice.randint(0, 20))):
            desk = self._desk(life.destination).desk
            if life.fate.end is End.LOST:
                yield Step(by=desk, at=at, cn=life.cn, to=Status.LOST, note="Not in the bag, not found in the hub")
                life.stage, life.due = Stage.BROKEN, self.season.after(day, 2)
                continue
            if life.visits == 0 and self.dice.randrange(1000) < 6:
                yield from self._astray(life, at)
            yield Arrival(by=desk, at=at + timedelta(minutes=30), cn=life.cn)
            life.stage, life.due = Stage.AT_DESTINATION, day
            if life.fate.end is End.DAMAGED:
                late = at + timedelta(minutes=45)
                yield Step(by=desk, at=late, cn=life.cn, to=Status.DAMAGED, note="Wet and torn, photographed")
                life.stage, life.due = Stage.BROKEN, self.season.after(day)

    def _astray(self, life: Life, at: datetime) -> Iterator[Deed]:
        wrong = self.dice.choice([one for code, one in self.crew.stations.items() if code != life.destination])
        early = at - timedelta(hours=5)
        yield Step(by=wrong.desk, at=early, cn=life.cn, to=Status.MISROUTED, note="Came in the wrong bag")
        yield Departure(by=wrong.desk, at=early + timedelta(hours=1), cn=life.cn)

    def _settle(self, day: date) -> Iterator[Deed]:
        """Claims for what was lost or broken; and the desk's word on what shippers said, or did not say."""
        for life in self._now(Stage.BROKEN, day):
            desk = self._desk(life.destination).desk
            yield Step(by=desk, at=clock(day, 9, 5), cn=life.cn, to=Status.CLAIM_IN_PROCESS, note="Claim opened")
            life.stage, life.due = Stage.CLAIMED, self.season.after(day, self.dice.randint(6, 14))
        for life in self._now(Stage.CLAIMED, day):
            desk = self._desk(life.destination).desk
            yield Step(by=desk, at=clock(day, 9, 30), cn=life.cn, to=Status.CLAIM_SETTLED, note="Claim paid")
            life.stage = Stage.OVER
        for life in self._now(Stage.ASKED, day):
            desk, at = self._desk(life.destination).desk, clock(day, 9, 10)
            told = (
                "Three visits failed: it goes back." if life.visits >= 3 else "No answer in three days: it goes back."
            )
            yield Answered(by=desk, at=at, cn=life.cn, decision="override", action="return", comment=told)
            life.stage, life.due = Stage.GOES_BACK, day
        for life in self._now(Stage.GOES_BACK, day):
            if life.to_accept:
                desk = self._desk(life.destination).desk
                yield Answered(by=desk, at=clock(day, 9, 20), cn=life.cn, decision="accept")
                life.to_accept = False

    def _come_back(self, day: date) -> Iterator[Deed]:
        """Returns arrive at their origins, and are handed to the shippers a day later."""
        for life in self._now(Stage.BACK, day):
            desk, at = self._desk(life.origin).desk, clock(day, 12, self.dice.randint(0, 50))
            yield Step(by=desk, at=at, cn=life.cn, to=Status.RETURNED_TO_SHIPPER, note="Handed over at the counter")
            life.stage = Stage.OVER
        for life, at in self._scans(self._now(Stage.ON_THE_WAY_BACK, day), clock(day, 8, 10)):
            yield Arrival(by=self._desk(life.origin).desk, at=at, cn=life.cn)
            life.stage, life.due = Stage.BACK, self.season.after(day)

    def _ride(self, day: date) -> Iterator[Deed]:
        """Each rider takes out an area of his station; who waits longest comes first."""
        waiting: dict[str, list[Life]] = {}
        for life in self._now(Stage.AT_DESTINATION, day):
            waiting.setdefault(life.destination, []).append(life)
        for code in sorted(waiting):
            station = self._desk(code)
            lives = sorted(waiting[code], key=lambda life: (life.due, life.booked_on))
            lives = sorted(lives[: _MOST_A_DAY * len(station.riders)], key=lambda life: life.city.route)
            share = -(-len(lives) // len(station.riders))
            for place, rider in enumerate(station.riders):
                mine = lives[place * share : (place + 1) * share]
                if mine:
                    yield self._run(station, rider, mine, day)

    def _run(self, station: Station, rider: Actor, lives: Sequence[Life], day: date) -> PastRun:
        opened = clock(day, 9, self.dice.randint(2, 25))
        left = opened + timedelta(minutes=self.dice.randint(35, 60))
        back = clock(day, 18, self.dice.randint(25, 55))
        pause = (back - left - timedelta(minutes=20)) / len(lives)
        visits = []
        for place, life in enumerate(lives, start=1):
            at = left + pause * (place - self.dice.random() * 0.8)
            visits.append(self.scene.visit(life.cn, life.door, self._outcome(life, day), at, back))
        given = [visit.outcome for visit in visits if isinstance(visit.outcome, Delivery)]
        cash = sum(one.collected_paisa for one in given if one.method == CASH)
        # Now and then a note is missing.
        short = self.dice.choice((100, 200, 500)) * 100 if self.dice.randrange(100) == 0 and cash > 1_000_000 else 0
        return PastRun(
            by=station.desk,
            at=opened,
            rider=rider,
            left_at=left,
            back_at=back,
            closed_at=back + timedelta(minutes=self.dice.randint(12, 40)),
            visits=tuple(visits),
            short_paisa=short,
            approved_by=self.crew.admin.user_id if short else None,
        )

    def _outcome(self, life: Life, day: date) -> str:
        """What this visit comes to: "delivered", "" for one the rider did not come to, or why it failed."""
        if self.dice.randrange(1000) < 15:
            life.due = self.season.after(day)
            return ""
        life.visits += 1
        if life.visits >= life.fate.visit and life.fate.end is not End.RETURNED:
            life.stage = Stage.OVER
            return "delivered"
        last = life.visits >= life.fate.visit
        life.reason = fates.reason(self.dice, last=last)
        soon = self.dice.randrange(100)
        if last:
            # The shipper says so, that evening or the next; or says nothing, and the desk decides.
            days = 0 if life.visits >= 3 else 2
            life.stage, life.due = Stage.ASKED, self.season.after(day + timedelta(days=days))
            life.answer_on = day if soon < 55 else self.season.after(day) if soon < 75 and life.visits < 3 else None
        elif asks(REASONS[life.reason]):
            life.stage, life.due = Stage.ASKED, date.max
            life.answer_on = day if soon < 65 else self.season.after(day)
        else:
            life.due = self.season.after(day)
            life.answer_on = day if soon < 30 else None
        return life.reason

    def _collect(self, day: date) -> Iterator[Deed]:
        """The evening's arrival scan of what was booked; what nobody handed over expires after a week."""
        booked = self._now(Stage.BOOKED, day)
        for life in booked:
            if life.fate.end is End.EXPIRED:
                desk, at = self._desk(life.origin).desk, clock(day, 17, 50)
                yield Step(by=desk, at=at, cn=life.cn, to=Status.EXPIRED, note="Never handed over")
                life.stage = Stage.OVER
        held = [life for life in booked if life.stage is Stage.BOOKED]
        for life, at in self._scans(held, clock(day, 18, self.dice.randint(0, 20))):
            grams = round(life.order.weight_g * self.dice.uniform(0.93, 1.04)) if self.dice.random() < 0.4 else None
            yield Arrival(by=self._desk(life.origin).desk, at=at, cn=life.cn, grams=grams)
            local = life.origin == life.destination
            life.stage = Stage.AT_DESTINATION if local else Stage.AT_ORIGIN
            life.due = self.season.after(day) if local else day

    def _answer(self, day: date) -> Iterator[Deed]:
        """Shippers sit down in the evening and say what shall happen."""
        for life in self.all:
            if life.answer_on is None or life.answer_on > day or life.stage not in (Stage.ASKED, Stage.AT_DESTINATION):
                continue
            at = clock(day, 20, self.dice.randint(0, 75), self.dice.randint(0, 59))
            goes_back = life.stage is Stage.ASKED and life.fate.end is End.RETURNED and life.visits >= life.fate.visit
            on_date = None if goes_back else self.dice.choice(allowed_dates(at)[:2])
            order = answer(self.dice, life.cn, life.reason, on_date)
            yield Advised(by=self.crew.bookers[life.shipper], at=at, order=order)
            life.answer_on = None
            life.to_accept = goes_back
            life.stage = Stage.GOES_BACK if goes_back else Stage.AT_DESTINATION
            life.due = on_date or self.season.after(day)

    def _leave(self, day: date) -> Iterator[Deed]:
        """The night's line-haul, onwards and back."""
        onwards = self._now(Stage.AT_ORIGIN, day)
        back = [life for life in self._now(Stage.GOES_BACK, day) if not life.to_accept]
        for life, at in self._scans(onwards, clock(day, 21, 35)):
            yield Departure(by=self._desk(life.origin).desk, at=at, cn=life.cn)
            days = self.dice.choice(_DAYS.get(life.order.service, (1,)))
            life.stage = Stage.ON_THE_WAY
            life.due = self.season.after(day, days + (4 if life.fate.end is End.LOST else 0))
        for life, at in self._scans(back, clock(day, 22, 20)):
            if life.origin != life.destination:
                yield Departure(by=self._desk(life.destination).desk, at=at, cn=life.cn)
            life.stage = Stage.ON_THE_WAY_BACK
            life.due = self.season.after(day, 1 if life.origin == life.destination else 2)


def clock(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A local time of a day."""
    return datetime.combine(day, time(hour), tzinfo=ZONE) + timedelta(minutes=minute, seconds=second)
