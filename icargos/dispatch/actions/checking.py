"""What a report from a phone must bring before it is believed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.consignments.rules import REASONS, papers
from icargos.dispatch.actions.reporting import OutcomeRefused, place_problems
from icargos.dispatch.gateways import pictures
from icargos.dispatch.rules import proof
from icargos.dispatch.rules.outcome import NOT_ATTEMPTED_FOR, Delivery, Failure, NotAttempted
from icargos.dispatch.rules.proof import File
from icargos.kit.errors import FieldProblem


def check_delivery(delivery: Delivery, asked: str, signed_papers: str, cod_paisa: int) -> None:
    """Raise OutcomeRefused unless it proves what the parcel asks for and exactly its COD, in paisa, was taken."""
    problems = proof.missing_for_delivery(
        asked,
        receiver=delivery.receiver,
        relation=delivery.relation,
        signed=delivery.signature is not None,
        photos=len(delivery.photos),
        no_code_reason=delivery.no_code_reason,
        papers_asked=papers.asked(signed_papers),
        papers=delivery.papers,
    )
    amount = proof.wrong_amount(cod_paisa, delivery.collected_paisa)
    problems += [one for one in (amount, proof.too_many(delivery.photos)) if one]
    if delivery.method not in proof.METHODS:
        problems.append(FieldProblem("method", "RANGE", _("Choose cash or Raast.")))
    if len(delivery.no_code_reason) > 250:
        problems.append(FieldProblem("no_code_reason", "RANGE", _("A reason has at most 250 characters.")))
    _refuse(problems + place_problems(delivery))


def check_failure(failure: Failure, now: datetime) -> None:
    """Raise OutcomeRefused unless it has a reason and one of the proofs that the reason asks for."""
    problems = place_problems(failure)
    reason = REASONS.get(failure.reason)
    if reason is None:
        problems.append(FieldProblem("reason", "REQUIRED", _("Choose why it failed.")))
    elif reason.code == "VB":
        problems.append(FieldProblem("reason", "RANGE", _("You did not go there: mark it as not attempted.")))
    else:
        problems += proof.missing_for_failure(
            reason,
            photos=len(failure.photos),
            calls=len(failure.calls),
            placed=failure.lat is not None,
            scanned=failure.scanned,
        )
    extra = proof.too_many(failure.photos, failure.calls)
    problems += [extra] if extra else []
    if failure.later_date is not None and failure.later_date <= timezone.localdate(now):
        problems.append(FieldProblem("later_date", "RANGE", _("The later date must lie after today.")))
    _refuse(problems)


def check_not_attempted(report: NotAttempted) -> None:
    """Raise OutcomeRefused for a reason that is not the rider's own (VB) or the weather (WX)."""
    problems = place_problems(report)
    if report.reason not in NOT_ATTEMPTED_FOR:
        problems.append(FieldProblem("reason", "RANGE", _("Choose why you could not come.")))
    _refuse(problems)


def check_pictures(
    photos: Sequence[File], signature: File | None = None, signed: Mapping[str, File] | None = None
) -> None:
    """Raise PictureRefused by the headers alone: one that is refused is never decoded, nor the good ones before it."""
    for photo in photos:
        pictures.check(photo, "photo")
    for code, paper in (signed or {}).items():
        pictures.check(paper, f"paper_{code}")
    if signature is not None:
        pictures.check(signature, "signature")


def _refuse(problems: Sequence[FieldProblem]) -> None:
    if problems:
        said = [_worded(one) for one in problems]
        raise OutcomeRefused(said[0].message, problems=said)


def _worded(problem: FieldProblem) -> FieldProblem:
    """The same problem in the reader's language."""
    return FieldProblem(problem.field, problem.code, _(problem.message), problem.suggestion)
