"""The columns of the orders list. Its cells are written here: fifty rows of them cost a template several times as long.

Whatever a person typed goes through ``esc``; all else is our own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape as esc

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icargos.accounts.rules import Can
from icargos.consignments import queries
from icargos.consignments.queries import Row
from icargos.consignments.rules import REASONS, Status
from icargos.kit.actor import Actor
from icargos.kit.phone import display
from icargos.portal.pages.orders.words import COD_STATES, SERVICES, SOURCES
from icargos.ui import wording
from icargos.ui.lists.columns import Column, chosen
from icargos.ui.templatetags import ui as tags

LIST = "orders"  # what a person's views and columns are kept under
_MINUTE = timedelta(minutes=1)
_UNPRINTED = {Status.CANCELLED.value, Status.EXPIRED.value}

_COLUMNS = (
    Column("cn", gettext_lazy("CN"), fixed=True),
    Column("ref", gettext_lazy("Order ref"), usual=True),
    Column("consignee", gettext_lazy("Consignee"), usual=True),
    Column("route", gettext_lazy("Route"), usual=True),
    Column("status", gettext_lazy("Status"), usual=True),
    Column("outcome", gettext_lazy("Rider outcome")),
    Column("tags", gettext_lazy("Tags"), usual=True),
    Column("cod", gettext_lazy("COD"), css="num", usual=True),
    Column("cod_state", gettext_lazy("COD stands")),
    Column("weight", gettext_lazy("Weight"), css="num", usual=True),
    Column("pieces", gettext_lazy("Pieces"), css="num"),
    Column("attempts", gettext_lazy("Attempts"), css="num"),
    Column("service", gettext_lazy("Service")),
    Column("profile", gettext_lazy("Pickup profile")),
    Column("source", gettext_lazy("Source")),
    Column("printed", gettext_lazy("Labels printed"), css="num"),
    Column("booked", gettext_lazy("Booked")),
    Column("updated", gettext_lazy("Updated"), usual=True),
)


def columns(actor: Actor) -> list[Column]:
    """Every column that this person may have."""
    sees = actor.may(Can.SEE_CONSIGNEE)
    return [one for one in _COLUMNS if sees or one.name != "consignee"]


def shown_columns(actor: Actor, names: Sequence[str] | None, *, tagged: bool) -> list[Column]:
    """The columns to show; that of the tags waits until the shipper has one, unless it was asked for."""
    found = chosen(columns(actor), names)
    return [one for one in found if names is not None or tagged or one.name != "tags"]


def lines(actor: Actor, rows: Sequence[Row], shown: Sequence[Column]) -> list[SafeString]:
    """The rows as table rows: a tick, the columns, the quick actions."""
    names = [one.name for one in shown]
    carried = queries.tags_of(actor, [row.id for row in rows]) if "tags" in names and rows else {}
    writer = _Writer(carried, prints=actor.may(Can.PRINT_LABELS), proves=actor.may(Can.SEE_CONSIGNEE))
    cells = [getattr(writer, name) for name in names]
    return [
        mark_safe(f"{writer.head(row)}{''.join(cell(row) for cell in cells)}{writer.tail(row)}")  # noqa: S308
        for row in rows
    ]


class _Writer:
    """Writes the cells of one page; a method for each column. What all rows share is worded once."""

    def __init__(self, carried: Mapping[int, Sequence[str]], *, prints: bool, proves: bool) -> None:
        self._carried = carried
        self._proves = proves
        self._prints = prints
        self._list = reverse("portal:orders")
        self._icons = {name: str(tags.icon(name)) for name in ("arrow", "printer", "more")}
        self._now = timezone.now()
        self._statuses: dict[str, str] = {}
        self._ago: dict[int, str] = {}
        self._select, self._more, self._print = _("Select %(cn)s"), _("More for %(cn)s"), _("Print the label of %(cn)s")
        self._prepaid = _("Prepaid")

    def head(self, row: Row) -> str:
        """The row's beginning, with its tick."""
        proof = " data-epod" if self._proves and row.status == Status.DELIVERED else ""
        return (
            f'<tr id="row-{row.id}" data-row="{row.cn}" data-track="{esc(row.tracking_token)}"{proof}>'
            '<td class="cell-select">'
            f'<input type="checkbox" class="checkbox" form="bulk" name="cn" value="{row.cn}"'
            f' aria-label="{self._select % {"cn": row.cn}}"></td>'
        )

    def tail(self, row: Row) -> str:
        """The row's end: its label, and the menu with the rest."""
        label = ""
        if self._prints and row.status not in _UNPRINTED:
            label = (
                f'<a class="btn btn-ghost is-small btn-icon" href="{self._list}{row.cn}/label/" data-print'
                f' aria-label="{self._print % {"cn": row.cn}}">{self._icons["printer"]}</a>'
            )
        return (
            f'<td class="cell-actions">{label}<button type="button" class="btn btn-ghost is-small btn-icon"'
            f' data-menu="row-menu" aria-haspopup="true" aria-label="{self._more % {"cn": row.cn}}">'
            f"{self._icons['more']}</button></td></tr>"
        )

    def cn(self, row: Row) -> str:
        """The number, which opens the parcel's page."""
        return (
            f'<td class="cell-cn"><a href="{self._list}{row.cn}/" data-open-row>'
            f'<bdi class="mono">{row.cn}</bdi></a></td>'
        )

    def ref(self, row: Row) -> str:
        """The order ref."""
        return f'<td class="cell-ref muted"><bdi>{esc(row.order_ref)}</bdi></td>'

    def consignee(self, row: Row) -> str:
        """Name and phone."""
        phone = display(row.consignee_phone) if row.consignee_phone else ""
        name = esc(row.consignee_name)
        return f'<td class="cell-who"><b><bdi>{name}</bdi></b><small><bdi>{esc(phone)}</bdi></small></td>'

    def route(self, row: Row) -> str:
        """From where to where."""
        return (
            f'<td class="cell-route"><span class="route-line"><bdi>{esc(row.origin)}</bdi>{self._icons["arrow"]}'
            f"<bdi>{esc(row.destination)}</bdi></span></td>"
        )

    def status(self, row: Row) -> str:
        """The status with its hue and icon."""
        made = self._statuses.get(row.status)
        if made is None:
            made = self._statuses[row.status] = f'<td class="cell-status">{tags.status(row.status)}</td>'
        return made

    def outcome(self, row: Row) -> str:
        """Why the last visit failed, while the parcel stands there for it."""
        return _plain(_(REASONS[row.reason].label) if row.reason in REASONS else "")

    def tags(self, row: Row) -> str:
        """The shipper's own words."""
        names = "".join(f'<bdi class="tag">{esc(name)}</bdi>' for name in self._carried.get(row.id, ()))
        return f'<td class="cell-tags">{names}</td>'

    def cod(self, row: Row) -> str:
        """What is collected."""
        if row.cod_paisa:
            return f'<td class="cell-cod num"><bdi class="no-break">Rs {wording.amount(row.cod_paisa)}</bdi></td>'
        return f'<td class="cell-cod num"><span class="faint">{self._prepaid}</span></td>'

    def cod_state(self, row: Row) -> str:
        """Where the collected money is."""
        return _plain(str(COD_STATES.get(row.cod_state, "")) if row.cod_paisa else "")

    def weight(self, row: Row) -> str:
        """The weight as booked."""
        return f'<td class="cell-weight num muted"><bdi class="no-break">{wording.kilos(row.weight_g)}</bdi></td>'

    def pieces(self, row: Row) -> str:
        """How many pieces."""
        return _number(row.pieces)

    def attempts(self, row: Row) -> str:
        """How many visits that count failed."""
        return _number(row.attempts)

    def service(self, row: Row) -> str:
        """The service."""
        return _plain(_(SERVICES.get(row.service, row.service)))

    def profile(self, row: Row) -> str:
        """The Profile ID."""
        return _plain(row.profile_code)

    def source(self, row: Row) -> str:
        """How it was booked, and by which import."""
        said = str(SOURCES.get(row.source, row.source))
        return _plain(f"{said} {row.import_id}" if row.import_id else said)

    def printed(self, row: Row) -> str:
        """How often its label was printed."""
        return _number(row.labels_printed)

    def booked(self, row: Row) -> str:
        """When it was booked."""
        return f'<td class="cell-more muted">{_time(row.booked_at, wording.day_and_time(row.booked_at))}</td>'

    def updated(self, row: Row) -> str:
        """How long ago it came where it stands."""
        minutes = (self._now - row.status_at) // _MINUTE
        said = self._ago.get(minutes)
        if said is None:
            said = self._ago[minutes] = wording.ago(row.status_at, self._now)
        return f'<td class="cell-time muted">{_time(row.status_at, said, wording.day_and_time(row.status_at))}</td>'


def _time(at: datetime, said: str, title: str = "") -> str:
    tip = f' title="{title}"' if title else ""
    return f'<time datetime="{at.isoformat()}"{tip}>{said}</time>'


def _plain(text: str) -> str:
    return f'<td class="cell-more muted"><bdi>{esc(text)}</bdi></td>'


def _number(number: int) -> str:
    return f'<td class="cell-more num muted">{number}</td>'
