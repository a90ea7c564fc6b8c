"""Change what was booked, one parcel or thousands, while it is still with its shipper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from icargos.accounts.rules import Can
from icargos.booking.actions.drafts import charges_of, draft_of, drafted, order_of
from icargos.booking.queries import Priced, Terms, priced, reference, sheets_of, terms, with_profiles
from icargos.booking.queries.telling import told
from icargos.booking.rules.changes import PRICED_BY, fixed_fields
from icargos.booking.rules.columns import COLUMNS
from icargos.booking.rules.order import Order, version
from icargos.booking.rules.problems import Severity
from icargos.booking.rules.rows import check_one
from icargos.booking.rules.text import clean
from icargos.consignments import actions as consignments
from icargos.consignments.actions import Rewrite, Standing
from icargos.consignments.rules import LABEL
from icargos.finance import actions as finance
from icargos.kit.actor import Actor
from icargos.kit.errors import Conflict, FieldProblem, Invalid, NotFound
from icargos.tariff.rules import Receipt


class ChangeRefused(Invalid):
    """At least one parcel cannot be carried as it would become, so none was changed.

    Each problem's field is ``index.column``.
    """

    code = "change_refused"


class NotChangeable(Conflict):
    """At least one parcel, or one of the fields, can no longer be changed, so nothing was.

    Each problem's field is ``index.column``; the column is empty where the whole parcel is meant.
    """

    code = "not_changeable"


class ChangedMeanwhile(Conflict):
    """The parcel is not what the form was filled in for."""

    code = "changed_meanwhile"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel and the whole order that it shall stand for."""

    cn: str
    order: Order


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one Change.

    ``fields`` are the Order's that changed, none when it stood so already; ``receipt`` is the new one, None when the
    change has no price and the earlier one holds; ``label_stale`` says that a label was printed which now lies.
    """

    id: int
    cn: str
    fields: tuple[str, ...]
    receipt: Receipt | None
    label_stale: bool


_COLUMN_OF = {column.field: column.key for column in COLUMNS}
_Asked = tuple[Change, Standing, tuple[str, ...]]  # with the names of the fields that change


@transaction.atomic
def change(
    actor: Actor, changes: Sequence[Change], *, source: str, now: datetime, on: Terms | None = None
) -> list[Changed]:
    """Make every parcel what its order says, or none: write, price again by the card of the day, record. In order.

    ``source`` is form, sheet or api; ``on`` the shipper's terms when the caller has read them. The number, the tokens
    and the day of booking stay; all else may change while the parcel is New Booked, and what ``rules.changes`` leaves
    open while it is Ready for Pickup. Raises Forbidden without BOOK, NotFound for a number that is not the actor's,
    NotChangeable and ChangeRefused naming every parcel and field, ValueError when a parcel is named twice.
    """
    actor.require(Can.BOOK)
    if len({one.cn for one in changes}) != len(changes):
        raise ValueError("a parcel is changed once at a time")
    standing = consignments.standing(actor, [one.cn for one in changes])
    asked = [(one, _found(standing, one.cn)) for one in changes]
    differing = [(one, was, _differing(order_of(was.draft), one.order)) for one, was in asked]
    _refuse_fixed(actor, differing)
    rewrites, repriced = _priced(actor, differing, now=now, on=on)
    written = consignments.rewrite(actor, rewrites, why=f"edit:{source}", now=now)
    charges = charges_of([written[place].id for place in repriced], list(repriced.values()))
    finance.recharge(actor, charges, now=now)
    return [
        Changed(
            id=one.id,
            cn=one.cn,
            fields=fields,
            receipt=repriced[place].receipt if place in repriced else None,
            label_stale=one.label_stale,
        )
        for place, (one, (_change, _was, fields)) in enumerate(zip(written, differing, strict=True))
    ]


@transaction.atomic
def change_typed(actor: Actor, cn: str, values: Mapping[str, str], *, seen: str, source: str, now: datetime) -> Changed:
    """Make a parcel what a form says: column keys to text as typed. ``seen`` is the version that the form began from.

    Needs BOOK. Raises NotFound, NotChangeable, ChangeRefused naming every column, ChangedMeanwhile when the parcel is
    not what was seen.
    """
    actor.require(Can.BOOK)
    was = _found(consignments.standing(actor, [cn]), cn)
    if version(order_of(was.draft)) != seen:
        words = _("%(cn)s was changed by somebody else meanwhile. Look at it as it is now and change it again.")
        raise ChangedMeanwhile(words % {"cn": cn})
    on = with_profiles(actor, terms(actor, now=now), {was.draft.profile_id})
    ref = reference(actor, refs=[clean(values.get("order_ref", ""))], now=now, on=on, own=cn)
    order, problems = check_one(values, ref)
    wrong = [told(problem, problem.column) for problem in problems if problem.severity is Severity.ERROR]
    if order is None:
        raise ChangeRefused(wrong[0].message, problems=wrong)
    try:
        (one,) = change(actor, [Change(cn=cn, order=order)], source=source, now=now, on=on)
    except (ChangeRefused, NotChangeable) as refusal:
        own = [replace(problem, field=problem.field.removeprefix("0.")) for problem in refusal.problems]
        raise type(refusal)(refusal.message, problems=own) from None
    return one


def _found(standing: dict[str, Standing], cn: str) -> Standing:
    if cn not in standing:
        raise NotFound(_("There is no such consignment here. Check the number."))
    return standing[cn]


def _differing(was: Order, becomes: Order) -> tuple[str, ...]:
    return tuple(name for name in Order.__struct_fields__ if getattr(was, name) != getattr(becomes, name))


def _refuse_fixed(actor: Actor, asked: Sequence[_Asked]) -> None:
    problems = []
    elsewhere = [was.held.id for _one, was, fields in asked if "profile_id" in fields]
    # A load sheet is of one place, so what stands on one stays there.
    listed = sheets_of(actor, elsewhere) if elsewhere else {}
    for place, (one, was, fields) in enumerate(asked):
        fixed = fixed_fields(was.held.status)
        if fixed is None:
            words = _("%(cn)s is %(status)s: what was booked can no longer be changed.")
            said = words % {"cn": one.cn, "status": _(LABEL[was.held.status])}
            problems.append(FieldProblem(f"{place}.", "NOT_CHANGEABLE", said))
            continue
        if was.held.id in listed and "profile_id" in fields:
            words = _("%(cn)s stands on load sheet %(sheet)s of its pickup profile. Take it off the sheet first.")
            said = words % {"cn": one.cn, "sheet": listed[was.held.id].number}
            problems.append(FieldProblem(f"{place}.profile", "NOT_CHANGEABLE", said))
        for name in fields:
            if name in fixed:
                words = _("%(cn)s is ready for pickup: this can no longer be changed. Cancel it and book it again.")
                said = words % {"cn": one.cn}
                problems.append(FieldProblem(f"{place}.{_COLUMN_OF.get(name, name)}", "NOT_CHANGEABLE", said))
    if problems:
        raise NotChangeable(problems[0].message, problems=problems)


def _priced(
    actor: Actor, asked: Sequence[_Asked], *, now: datetime, on: Terms | None
) -> tuple[list[Rewrite], dict[int, Priced]]:
    """The parcels as they shall be written, and the new prices by place of those whose change has one."""
    touched = [place for place, (_one, _was, fields) in enumerate(asked) if not PRICED_BY.isdisjoint(fields)]
    repriced: dict[int, Priced] = {}
    if touched:
        orders = [(asked[place][0].order, asked[place][1].draft.profile_id) for place in touched]
        kept = {order.profile_id for order, was in orders if order.profile_id == was}
        on = with_profiles(actor, on or terms(actor, now=now), kept)
        ready = priced(actor, [order for order, _was in orders], now=now, on=on)
        repriced = dict(zip(touched, ready, strict=True))
    wrong = [told(p, f"{place}.{p.column}") for place, one in repriced.items() for p in one.problems]
    if wrong:
        raise ChangeRefused(wrong[0].message, problems=wrong)
    rewrites = []
    for place, (one, was, _fields) in enumerate(asked):
        if place in repriced:
            becomes = draft_of(repriced[place])
        else:
            becomes = drafted(
                one.order,
                origin_id=was.draft.origin_id,
                sort_code=was.draft.sort_code,
                charged_weight_g=was.draft.charged_weight_g,
            )
        rewrites.append(Rewrite(was, becomes))
    return rewrites, repriced
