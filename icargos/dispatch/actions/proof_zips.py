"""The proofs of many deliveries in one zip: asked for by a person, made by the worker, gone after a day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from icargos.accounts.rules import ROLES, Can, Role
from icargos.consignments import queries as parcels
from icargos.consignments.queries import Parcel
from icargos.consignments.rules import LABEL, Status
from icargos.dispatch.events import ProofsAsked
from icargos.dispatch.gateways.bundle import Bundle, bundle
from icargos.dispatch.models import ProofZip
from icargos.dispatch.queries.evidence import Proven, proof
from icargos.dispatch.queries.printed import printable
from icargos.dispatch.rules.proof_zip import KEPT_HOURS, MOST_PROOFS, TWICE_SECONDS, file_name
from icargos.ground import blobs, facts
from icargos.ground.relay import RELAY, FactRow
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor, Kind
from icargos.kit.csv_file import write_csv
from icargos.kit.errors import Conflict, Invalid, NotFound

# The proof of a parcel as a PDF whose QR leads to the address given; raises as ``queries.printable``.
Paper = Callable[[Actor, Parcel, str], bytes]

_FOLDER = "proofs"
_TOLD_EACH = 10


def ask_proofs(actor: Actor, ids: Sequence[int], *, base_url: str, language: str, now: datetime) -> int:
    """Ask for the proofs of these parcels in one zip; returns its id. The worker makes it.

    The same asked twice within TWICE_SECONDS by one person is one. ``base_url`` is where the papers' QRs lead, without
    a slash; ``language`` what they are written in. Needs SEE_CONSIGNEE. Raises Invalid for none or more than
    MOST_PROOFS, NotFound when one is not the actor's.
    """
    actor.require(Can.SEE_CONSIGNEE)
    if not 0 < len(ids) <= MOST_PROOFS:
        raise Invalid(_("At most %(most)d proofs at once. Narrow the list.") % {"most": MOST_PROOFS})
    order = [parcel.id for parcel in parcels.many(actor, ids)]
    by = actor.user_id or 0
    with connection.cursor() as cursor:
        # A double click's second request waits here for the first one, and then finds its zip.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [4928, by % 2**31])
    same = ProofZip.objects.filter(
        shipper_id=actor.tenant, by_id=by, at__gt=now - timedelta(seconds=TWICE_SECONDS), consignment_ids=order
    ).exclude(state="failed")
    if (found := same.order_by("-id").values_list("id", flat=True).first()) is not None:
        return found
    row = ProofZip.objects.create(
        shipper_id=actor.tenant,
        by_id=by,
        by_name=actor.name[:80],
        at=now,
        language=language,
        base_url=base_url[:200],
        consignment_ids=order,
        state="waiting",
    )
    facts.record(actor, [ProofsAsked(shipper_id=actor.tenant, subject_id=row.id, parcels=len(order))], now=now)
    return row.id


def make_proof_zips(told: Sequence[FactRow], paper: Paper) -> None:
    """Make each zip that waits. Does nothing for one that is ready."""
    for fact in told:
        with acting(RELAY):
            row = ProofZip.objects.filter(id=fact.subject_id).first()
        if row is not None and row.state == "waiting":
            _make(row, paper)


def _make(row: ProofZip, paper: Paper) -> None:
    """Set one proof after another, telling how far it is. Nothing is locked and no transaction is open meanwhile."""
    can = frozenset(one.value for one in ROLES[Role.VIEWER])
    actor = Actor(Kind.SHIPPER, user_id=row.by_id, shipper_id=row.shipper_id, role="viewer", name=row.by_name, can=can)
    waiting = ProofZip.objects.filter(id=row.id, state="waiting")
    try:
        with bundle() as zipped, override(row.language):
            lines = []
            for place, parcel_id in enumerate(row.consignment_ids, 1):
                lines.append(_add(zipped, actor, parcel_id, paper, row.base_url))
                if place % _TOLD_EACH == 0:
                    with acting(actor):
                        waiting.update(done=place)
            zipped.add("index.csv", write_csv(_headers(), lines))
            key = zipped.keep(f"{_FOLDER}/{timezone.now():%Y-%m-%d}")
    except Exception:
        with acting(actor):
            waiting.update(state="failed")
        raise
    proofs = sum(bool(line[2]) for line in lines)
    with acting(actor):
        waiting.update(state="ready", done=len(lines), proofs=proofs, file_key=key)


def _add(zipped: Bundle, actor: Actor, parcel_id: int, paper: Paper, base_url: str) -> list[str]:
    """Put the parcel's proof in, and give its line of the index: with the file's name, or why there is none."""
    with acting(actor):
        (parcel,) = parcels.many(actor, [parcel_id])
        try:
            printable(actor, parcel)
            data = paper(actor, parcel, base_url)
        except (Conflict, NotFound) as refusal:
            return _line(parcel, None, "", refusal.message)
        proven = proof(actor, parcel.id)
    name = file_name(parcel.cn, parcel.order_ref)
    zipped.add(name, data)
    return _line(parcel, proven, name, "")


def _headers() -> list[str]:
    return [
        _("CN"), _("Order ref"), _("File"), _("Status"), _("Delivered"), _("Received by"), _("Collected (Rs)"),
        _("Why there is none"),
    ]  # fmt: skip


def _line(parcel: Parcel, proven: Proven | None, name: str, why: str) -> list[str]:
    at = timezone.localtime(proven.occurred_at).strftime("%Y-%m-%d %H:%M") if proven else ""
    collected = f"{proven.cod_collected_paisa / 100:.2f}" if proven else ""
    receiver = proven.receiver_name if proven else ""
    status = _(LABEL[Status(parcel.status)])
    return [parcel.cn, parcel.order_ref, name, status, at, receiver, collected, why]


def forget_proofs(*, now: datetime) -> None:
    """Drop zips that are over, and their files with the folder of their day."""
    with acting(RELAY):
        ProofZip.objects.filter(at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    oldest = f"{now - timedelta(hours=KEPT_HOURS + 24):%Y-%m-%d}"
    for day in blobs.folders(_FOLDER):
        if day <= oldest:
            blobs.drop(f"{_FOLDER}/{day}")
