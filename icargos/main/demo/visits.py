"""What a rider of the demo reports from a door: who took it, with what proof, or why nobody did."""

import random
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from icargos.consignments.rules import REASONS
from icargos.dispatch.rules.outcome import Delivery, Failure, NotAttempted
from icargos.dispatch.rules.past import Visit
from icargos.dispatch.rules.proof import Call
from icargos.main.demo import pictures

_CALLS = frozenset({"two_calls", "call"})
_PHONES = ("Infinix Hot 40", "Samsung A14", "Redmi 12C", "Tecno Spark 20")
_NOTES = ("", "", "", "", "Gate locked, no answer.", "Neighbour says back tomorrow.", "Asked to come later.")
_RELATIONS = {"self": 62, "family": 24, "guard": 5, "neighbour": 4, "office": 5}


class Door(NamedTuple):
    """Who is to receive a parcel, its COD in paisa, the proof asked for, and where about that is."""

    name: str
    cod_paisa: int
    proof: str
    lat: float
    lon: float


class _Circumstances(TypedDict):
    stop_id: int
    source_event_id: str
    device_at: datetime
    sent_at: datetime
    lat: float
    lng: float
    accuracy_m: float
    device: str
    offline: bool


class Scene:
    """Visits with the few pictures that they share."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.signatures = pictures.signatures(dice)
        self.doors = pictures.doors(dice)
        self.handovers = pictures.handovers(dice)

    def visit(self, cn: str, door: Door, outcome: str, at: datetime, back: datetime) -> Visit:
        """One stop of the past: ``outcome`` as for ``report``."""
        heard = at
        if outcome and self.dice.randrange(100) < 4:
            # Out of coverage: the phone told of it later.
            heard = min(at + timedelta(minutes=self.dice.randint(8, 50)), back)
        return Visit(cn=cn, outcome=self.report(0, door, outcome, at, heard), received_at=heard)

    def report(
        self, stop_id: int, door: Door, outcome: str, at: datetime, heard: datetime
    ) -> Delivery | Failure | NotAttempted:
        """The phone's words of ``at``, heard at ``heard``: "delivered", "" for not attempted, or why it failed."""
        dice = self.dice
        base = _Circumstances(
            stop_id=stop_id,
            source_event_id=secrets.token_hex(12),
            device_at=at,
            sent_at=heard,
            lat=round(door.lat + dice.gauss(0, 0.018), 6),
            lng=round(door.lon + dice.gauss(0, 0.018), 6),
            accuracy_m=float(dice.randint(4, 38)),
            device=dice.choice(_PHONES),
            offline=heard > at,
        )
        if outcome == "delivered":
            return self._delivery(door, base)
        if not outcome:
            return NotAttempted(**base, reason="VB")
        wanted = set(REASONS[outcome].proof)
        called = bool(wanted & _CALLS) and dice.randrange(100) < 80
        pictured = bool(wanted) and (not called or dice.randrange(100) < 30)
        return Failure(
            **base,
            note=dice.choice(_NOTES),
            reason=outcome,
            calls=tuple(Call(at - timedelta(minutes=n), dice.randint(12, 45)) for n in (6, 2)) if called else (),
            photos=(dice.choice(self.doors),) if pictured else (),
            later_date=(at + timedelta(days=2)).date() if outcome == "FDR" else None,
        )

    def _delivery(self, door: Door, base: _Circumstances) -> Delivery:
        dice = self.dice
        relation = dice.choices(list(_RELATIONS), weights=list(_RELATIONS.values()))[0]
        another = f"{dice.choice(('Ahmed', 'Nazia', 'Rafiq', 'Shabana'))} {door.name.rpartition(' ')[2]}"
        return Delivery(
            **base,
            receiver=door.name if relation == "self" else another,
            relation=relation,
            collected_paisa=door.cod_paisa,
            method="raast" if door.cod_paisa and dice.randrange(100) < 12 else "cash",
            signature=dice.choice(self.signatures) if door.proof == "signature" or dice.randrange(100) < 30 else None,
            photos=(dice.choice(self.handovers),) if door.proof == "photo" or dice.randrange(100) < 20 else (),
        )
