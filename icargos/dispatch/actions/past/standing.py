"""Parcels, questions and posts as they stand while a past is lived through in memory, and all that is to be written."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

import msgspec
from django.db.models import Max
from django.utils.translation import gettext as _

from icargos.consignments import actions as consignments
from icargos.consignments.actions import Handover, Held, Move
from icargos.dispatch import queries
from icargos.dispatch.actions.records import ProofDraft, question
from icargos.dispatch.actions.reporting import Told
from icargos.dispatch.actions.scanning import worded
from icargos.dispatch.gateways import pictures
from icargos.dispatch.models import Advice, Attempt, Run, Stop, Weighing
from icargos.dispatch.rules.advice import AdviceOrder, AdviceState
from icargos.dispatch.rules.outcome import Outcome
from icargos.dispatch.rules.past import Advised, Deed, PastRun
from icargos.dispatch.rules.proof import File
from icargos.dispatch.rules.scan import Decision
from icargos.ground.facts import Event
from icargos.kit import errors
from icargos.kit.actor import Actor, Stamp
from icargos.places import queries as places
from icargos.places.queries import Office

WAITING = (AdviceState.OPEN, AdviceState.SUBMITTED)


class PastRefused(errors.Conflict):
    """A deed of the past that its own action would have refused."""

    code = "past_refused"


@dataclass(slots=True)
class Driven:
    """One run with all that came of it; its rows have no ids yet. ``back`` parcels were scanned back."""

    run: Run
    deed: PastRun
    stops: list[Stop] = field(default_factory=list)
    reports: list[tuple[Outcome, Told, str, Stamp]] = field(default_factory=list)
    proofs: list[tuple[ProofDraft, Told, Stamp]] = field(default_factory=list)
    attempts: list[tuple[Attempt, Stop, Stamp]] = field(default_factory=list)
    cod_paisa: int = 0
    back: int = 0


class Standing:
    """What is known while the past is lived through. Raises NotFound for a parcel that is not there."""

    def __init__(self, actor: Actor, deeds: Sequence[Deed]) -> None:
        self.index = places.city_index(actor)
        offices = {office.id: office for office in places.stations(actor)}
        self.posts = {user: offices[station] for user, station in queries.posted(actor).items()}
        self.parcels = consignments.lock(actor, sorted({cn for deed in deeds for cn in _parcels(deed)}))
        ids = [parcel.id for parcel in self.parcels.values()]
        failed = Attempt.objects.filter(consignment_id__in=ids).values_list("consignment_id").annotate(Max("n"))
        self.visits: Counter[int] = Counter(dict(failed))
        waiting = Advice.objects.filter(consignment_id__in=ids, state__in=WAITING).order_by("id")
        self.questions = {row.consignment_id: row for row in waiting}
        failures = Attempt.objects.filter(id__in=[row.attempt_id for row in waiting])
        self.reasons = dict(failures.values_list("consignment_id", "reason"))
        self.kept: dict[int, str] = {}
        self.telling, self.serial = secrets.token_hex(8), count(1)
        # To be written:
        self.steps: list[tuple[Move | Handover, Stamp]] = []
        self.weighings: list[Weighing] = []
        self.driven: list[Driven] = []
        self.asked: list[tuple[Advice, Attempt]] = []
        self.changed: dict[int, Advice] = {}
        self.advised: list[tuple[Advice, AdviceOrder, Held, str, Stamp]] = []
        # Made when the rows they name have their ids.
        self.facts: list[tuple[Callable[[], Event], Stamp]] = []

    def new_id(self) -> str:
        """An id as a page or a phone would have made it, of one drawing for the whole telling."""
        return f"{self.telling}{next(self.serial):08x}"

    def parcel(self, cn: str) -> Held:
        """The parcel as it stands now."""
        if cn not in self.parcels:
            raise errors.NotFound(
                _("There is no parcel %(cn)s. Check the label and type the number by hand.") % {"cn": cn}
            )
        return self.parcels[cn]

    def post(self, person: Actor) -> Office:
        """Where the person works; raises NotPosted."""
        if person.user_id not in self.posts:
            raise queries.NotPosted(_("You are not posted to a station. Ask an administrator to post you."))
        return self.posts[person.user_id]

    def codes(self, parcel: Held, here: Office) -> dict[str, str]:
        """The codes of the three stations that a scan's rule asks for."""
        return {
            "here": here.code,
            "origin": queries.station_code(self.index, parcel.origin_id),
            "destination": queries.station_code(self.index, parcel.destination_id),
        }

    def must(self, decision: Decision, parcel: Held, codes: dict[str, str]) -> None:
        """Raise PastRefused unless the rule moves the parcel."""
        if decision.to is None:
            told = worded(decision, parcel, **codes) or _("%(cn)s was scanned like this before.") % {"cn": parcel.cn}
            raise PastRefused(told, details={"cn": parcel.cn})

    def step(self, step: Move | Handover, by: Stamp) -> None:
        """Take one step of a parcel."""
        parcel = self.parcels[step.cn]
        self.steps.append((step, by))
        self.parcels[step.cn] = (
            consignments.after(parcel, step)
            if isinstance(step, Move)
            else msgspec.structs.replace(parcel, custody=step.custody)
        )

    def ask(self, attempt: Attempt, parcel: Held, at: datetime) -> None:
        """Open the question about a failed visit; an older one that nobody acted on ends."""
        self.end_question(parcel)
        row = question(parcel, 0, at)
        self.asked.append((row, attempt))
        self.questions[parcel.id] = row
        self.reasons[parcel.id] = attempt.reason

    def end_question(self, parcel: Held) -> None:
        """What the shipper was asked, or said and nobody acted on, is past."""
        row = self.questions.pop(parcel.id, None)
        if row is not None:
            self.change(row, {"state": AdviceState.EXPIRED.value})

    def change(self, row: Advice, values: dict[str, object]) -> None:
        """Write values into a question, new or known."""
        for name, value in values.items():
            setattr(row, name, value)
        if row.id is not None:
            self.changed[row.id] = row

    def keep(self, file: File, how: Callable[[File], str]) -> str:
        """The key of a picture. One that many visits share is looked at and kept once."""
        if id(file) not in self.kept:
            pictures.check(file, "photo")
            self.kept[id(file)] = how(file)
        return self.kept[id(file)]


def _parcels(deed: Deed) -> Iterator[str]:
    if isinstance(deed, PastRun):
        yield from (visit.cn for visit in deed.visits)
    else:
        yield deed.order.cn if isinstance(deed, Advised) else deed.cn  # type: ignore[attr-defined]
