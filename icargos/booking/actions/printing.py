"""Printing is an act: it counts each label once, and its file can be opened again for a day without counting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icargos.accounts.rules import ROLES, Can, Role
from icargos.booking.events import LabelsSet, PrintAsked
from icargos.booking.gateways import logo
from icargos.booking.models import LabelSettings, Print
from icargos.booking.queries.labels import label_style, labels, printable
from icargos.booking.queries.prints import shown
from icargos.booking.rules.printing import AT_ONCE, KEPT_HOURS, SORTINGS, TWICE_SECONDS, Wanted
from icargos.consignments import actions as consignments
from icargos.consignments import queries
from icargos.ground import blobs, facts
from icargos.ground.relay import RELAY, FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.errors import FieldProblem, Invalid
from icargos.paper.formats import FORMATS
from icargos.paper.labels import print_labels as set_labels
from icargos.paper.press import PressFailed

_FOLDER = "prints"


def print_labels(actor: Actor, ids: Sequence[int], wanted: Wanted, *, base_url: str, now: datetime) -> int:
    """Print the labels of these parcels; returns the print's id. Needs PRINT_LABELS.

    Each parcel's print is counted and recorded, and from the second on the label says REPRINT. Up to AT_ONCE pages are
    ready when this returns, more are made by the worker. The same print asked twice within TWICE_SECONDS by one person
    is one, unless a booking was changed between. ``base_url`` as for ``queries.labels``. Raises as
    ``queries.printable``, and Invalid for a format, an order or a first place that does not exist.
    """
    actor.require(Can.PRINT_LABELS)
    check(wanted)
    parcels = printable(actor, ids, wanted.sorting)
    by = actor.user_id or 0
    with connection.cursor() as cursor:
        # A double click's second request waits here for the first one, and then finds its print.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [4927, by % 2**31])
    order = [parcel.id for parcel in parcels]
    same = Print.objects.filter(
        shipper_id=actor.tenant,
        by_id=by,
        at__gt=now - timedelta(seconds=TWICE_SECONDS),
        form=wanted.form,
        sorting=wanted.sorting,
        mask_phone=wanted.mask_phone,
        hide_product=wanted.hide_product,
        start=wanted.start,
        consignment_ids=order,
    ).exclude(state__in=("draft", "failed"))
    # A label whose booking changed since is another one, however soon it is asked for.
    stale = queries.stale_labels(actor, order)
    if not stale and (found := same.order_by("-id").values_list("id", flat=True).first()) is not None:
        return found
    times = consignments.count_print(actor, order, form=wanted.form, now=now)
    made = Print.objects.create(
        shipper_id=actor.tenant,
        by_id=by,
        by_name=actor.name[:80],
        at=now,
        form=wanted.form,
        sorting=wanted.sorting,
        mask_phone=wanted.mask_phone,
        hide_product=wanted.hide_product,
        start=wanted.start,
        base_url=base_url[:200],
        consignment_ids=order,
        times=[times[one] for one in order],
        labels=sum(parcel.pieces for parcel in parcels),
        state="waiting",
    )
    if made.labels * FORMATS[wanted.form].copies <= AT_ONCE:
        made.file_key = _keep(
            set_labels(
                labels(actor, parcels, wanted, base_url=base_url, times=times), FORMATS[wanted.form], start=wanted.start
            ),
            wanted,
            now=now,
        )
        Print.objects.filter(id=made.id).update(state="ready", done=made.labels, file_key=made.file_key)
    else:
        facts.record(actor, [PrintAsked(shipper_id=actor.tenant, subject_id=made.id)], now=now)
    return made.id


def choose_labels(actor: Actor, ids: Sequence[int], *, now: datetime) -> int:
    """Put parcels aside whose labels are to be looked at before they are printed; returns the id of the draft.

    Counts nothing. Needs PRINT_LABELS; raises as ``queries.printable``.
    """
    parcels = printable(actor, ids)
    usual = label_style(actor).wanted
    made = Print.objects.create(
        shipper_id=actor.tenant,
        by_id=actor.user_id or 0,
        by_name=actor.name[:80],
        at=now,
        form=usual.form,
        sorting=usual.sorting,
        mask_phone=usual.mask_phone,
        hide_product=usual.hide_product,
        start=0,
        base_url="",
        consignment_ids=[parcel.id for parcel in parcels],
        times=[],
        labels=sum(parcel.pieces for parcel in parcels),
        state="draft",
    )
    return made.id


def make_prints(told: Sequence[FactRow]) -> None:
    """Make the file of each print that waits for it. A reaction: does nothing for one that is ready."""
    for fact in told:
        with acting(RELAY):
            found = Print.objects.filter(id=fact.subject_id).first()
        if found is not None and found.state == "waiting":
            _make(found)


def _make(found: Print) -> None:
    """Set a waiting print's labels, telling every chunk that is done. Nothing is locked meanwhile."""
    can = frozenset(c.value for c in ROLES[Role.OPERATIONS])
    actor = Actor(
        Kind.SHIPPER, user_id=found.by_id, shipper_id=found.shipper_id, role="operations", name=found.by_name, can=can
    )
    asked = shown(found)

    def done(labels: int) -> None:
        with acting(actor):
            Print.objects.filter(id=found.id, state="waiting").update(done=labels)

    try:
        with acting(actor):
            parcels = printable(actor, asked.ids)
            made = labels(actor, parcels, asked.wanted, base_url=asked.base_url, times=asked.times)
        data = set_labels(made, FORMATS[asked.wanted.form], start=asked.wanted.start, told=done)
    except (PressFailed, Invalid):
        with acting(actor):
            Print.objects.filter(id=found.id, state="waiting").update(state="failed")
        raise
    now = timezone.now()
    key = _keep(data, asked.wanted, now=now)
    with acting(actor):
        Print.objects.filter(id=found.id, state="waiting").update(state="ready", done=found.labels, file_key=key)


def _keep(data: bytes, wanted: Wanted, *, now: datetime) -> str:
    return blobs.keep(f"{_FOLDER}/{now:%Y-%m-%d}", data, suffix=".zpl" if FORMATS[wanted.form].dots else ".pdf")


def forget_prints(*, now: datetime) -> None:
    """Drop prints that are over, and their files with the folder of their day."""
    with acting(RELAY):
        Print.objects.filter(at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    oldest = f"{now - timedelta(hours=KEPT_HOURS + 24):%Y-%m-%d}"
    for day in blobs.folders(_FOLDER):
        if day <= oldest:
            blobs.drop(f"{_FOLDER}/{day}")


def check(wanted: Wanted) -> None:
    """Raise Invalid for a format, an order or a first place that does not exist."""
    form = FORMATS.get(wanted.form)
    problems = []
    if form is None:
        problems.append(FieldProblem("format", "TYPE", _("There is no such format. Choose one of the list.")))
    elif not 0 <= wanted.start < form.places:
        told = _("The sheet has places 1 to %(most)d.") % {"most": form.places}
        problems.append(FieldProblem("start", "RANGE", told))
    if wanted.sorting not in SORTINGS:
        problems.append(FieldProblem("sorting", "TYPE", _("Labels come as listed, or by destination.")))
    if problems:
        raise Invalid(problems[0].message, problems=problems)


def set_label_style(actor: Actor, wanted: Wanted, *, now: datetime) -> None:
    """Keep how this shipper wants its labels. Needs PRINT_LABELS; raises Invalid as ``check``."""
    check(wanted)
    _set(
        actor,
        now,
        form=wanted.form,
        sorting=wanted.sorting,
        mask_phone=wanted.mask_phone,
        hide_product=wanted.hide_product,
    )


def set_logo(actor: Actor, data: bytes, *, now: datetime) -> None:
    """Put the shipper's logo on its labels; no bytes take it off. Needs PRINT_LABELS; raises LogoRefused."""
    actor.require(Can.PRINT_LABELS)
    _set(actor, now, logo_key=logo.keep_logo(data) if data else "")


def _set(actor: Actor, now: datetime, **values: object) -> None:
    actor.require(Can.PRINT_LABELS)
    usual = Wanted()
    first = {
        "form": usual.form,
        "sorting": usual.sorting,
        "mask_phone": usual.mask_phone,
        "hide_product": usual.hide_product,
    }
    also = {**values, "changed_at": now, "changed_by": actor.name[:80]}
    with transaction.atomic():
        kept, _made = LabelSettings.objects.update_or_create(
            shipper_id=actor.tenant, defaults=also, create_defaults={**first, **also}
        )
    facts.record(actor, [LabelsSet(shipper_id=actor.tenant, subject_id=kept.id, fields=tuple(values))], now=now)
