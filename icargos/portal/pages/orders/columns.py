"""The columns of the orders list. Its cells are written here: a template takes three times as long for fifty rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.html import format_html, format_html_join
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
from icargos.ui.lists.columns import Column, chosen
from icargos.ui.templatetags import ui as tags

LIST = "orders"  # what a person's views and columns are kept under
_UNPRINTED = {Status.CANCELLED, Status.EXPIRED}
_EMPTY = SafeString("")


@dataclass(frozen=True)
class Line:
    """One row, with what its cells need besides."""

    row: Row
    tags: Sequence[str] = ()
    kept: dict[str, SafeString] = field(default_factory=dict)  # what is alike in many rows is made once

    @property
    def url(self) -> str:
        """The parcel's page."""
        return f"{reverse('portal:orders')}{self.row.cn}/"


def _cn(line: Line) -> SafeString:
    return format_html(
        '<td class="cell-cn"><a href="{}" data-open-row><bdi class="mono">{}</bdi></a></td>', line.url, line.row.cn
    )


def _ref(line: Line) -> SafeString:
    return format_html('<td class="cell-ref muted"><bdi>{}</bdi></td>', line.row.order_ref)


def _who(line: Line) -> SafeString:
    return format_html(
        '<td class="cell-who"><b><bdi>{}</bdi></b><small><bdi>{}</bdi></small></td>',
        line.row.consignee_name,
        display(line.row.consignee_phone) if line.row.consignee_phone else "",
    )


def _route(line: Line) -> SafeString:
    return format_html(
        '<td class="cell-route"><span class="route-line"><bdi>{}</bdi>{}<bdi>{}</bdi></span></td>',
        line.row.origin,
        _once(line, "arrow", lambda: tags.icon("arrow")),
        line.row.destination,
    )


def _status(line: Line) -> SafeString:
    made = _once(line, f"status {line.row.status}", lambda: tags.status(line.row.status))
    return format_html('<td class="cell-status">{}</td>', made)


def _outcome(line: Line) -> SafeString:
    reason = REASONS.get(line.row.reason)
    return format_html('<td class="cell-more">{}</td>', _(reason.label) if reason else "")


def _cod(line: Line) -> SafeString:
    if line.row.cod_paisa:
        return format_html('<td class="cell-cod num">{}</td>', tags.rupees(line.row.cod_paisa))
    return format_html('<td class="cell-cod num"><span class="faint">{}</span></td>', _("Prepaid"))


def _cod_state(line: Line) -> SafeString:
    said = COD_STATES.get(line.row.cod_state, "") if line.row.cod_paisa else ""
    return format_html('<td class="cell-more muted">{}</td>', said)


def _weight(line: Line) -> SafeString:
    return format_html('<td class="cell-weight num muted">{}</td>', tags.kilos(line.row.weight_g))


def _tags(line: Line) -> SafeString:
    if not line.tags:
        return mark_safe('<td class="cell-tags"></td>')
    said = format_html_join("", '<bdi class="tag">{}</bdi>', ((name,) for name in line.tags))
    return format_html('<td class="cell-tags">{}</td>', said)


def _updated(line: Line) -> SafeString:
    return format_html('<td class="cell-time muted">{}</td>', tags.ago(line.row.status_at))


def _booked(line: Line) -> SafeString:
    return format_html('<td class="cell-more muted">{}</td>', tags.moment(line.row.booked_at))


def _service(line: Line) -> SafeString:
    return _plain(_(SERVICES.get(line.row.service, line.row.service)))


def _source(line: Line) -> SafeString:
    said = str(SOURCES.get(line.row.source, line.row.source))
    return _plain(f"{said} {line.row.import_id}" if line.row.import_id else said)


def _plain(text: object) -> SafeString:
    return format_html('<td class="cell-more muted"><bdi>{}</bdi></td>', text)


def _number(number: int) -> SafeString:
    return format_html('<td class="cell-more num muted">{}</td>', number)


_COLUMNS = (
    Column("cn", gettext_lazy("CN"), _cn, fixed=True),
    Column("ref", gettext_lazy("Order ref"), _ref, usual=True),
    Column("consignee", gettext_lazy("Consignee"), _who, usual=True),
    Column("route", gettext_lazy("Route"), _route, usual=True),
    Column("status", gettext_lazy("Status"), _status, usual=True),
    Column("outcome", gettext_lazy("Rider outcome"), _outcome),
    Column("tags", gettext_lazy("Tags"), _tags, usual=True),
    Column("cod", gettext_lazy("COD"), _cod, css="num", usual=True),
    Column("cod_state", gettext_lazy("COD stands"), _cod_state),
    Column("weight", gettext_lazy("Weight"), _weight, css="num", usual=True),
    Column("pieces", gettext_lazy("Pieces"), lambda line: _number(line.row.pieces), css="num"),
    Column("attempts", gettext_lazy("Attempts"), lambda line: _number(line.row.attempts), css="num"),
    Column("service", gettext_lazy("Service"), _service),
    Column("profile", gettext_lazy("Pickup profile"), lambda line: _plain(line.row.profile_code)),
    Column("source", gettext_lazy("Source"), _source),
    Column("printed", gettext_lazy("Labels printed"), lambda line: _number(line.row.labels_printed), css="num"),
    Column("booked", gettext_lazy("Booked"), _booked),
    Column("updated", gettext_lazy("Updated"), _updated, usual=True),
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
    wanted = any(one.name == "tags" for one in shown)
    carried = queries.tags_of(actor, [row.id for row in rows]) if wanted and rows else {}
    kept: dict[str, SafeString] = {}
    return [_line(actor, Line(row, carried.get(row.id, ()), kept=kept), shown) for row in rows]


def _line(actor: Actor, line: Line, shown: Sequence[Column]) -> SafeString:
    row = line.row
    cells = _EMPTY.join(one.cell(line) for one in shown)
    pick = format_html(
        '<td class="cell-select"><input type="checkbox" class="checkbox" form="bulk" name="cn" value="{}"'
        ' aria-label="{}"></td>',
        row.cn,
        _("Select %(cn)s") % {"cn": row.cn},
    )
    return format_html(
        '<tr id="row-{}" data-row="{}" data-track="{}">{}{}{}</tr>',
        row.id,
        row.cn,
        row.tracking_token,
        pick,
        mark_safe(cells),  # noqa: S308 - each cell escaped what it holds
        _quick(actor, line),
    )


def _quick(actor: Actor, line: Line) -> SafeString:
    """The two buttons at the end of a row: its label, and the menu with the rest."""
    cn = line.row.cn
    label = _EMPTY
    if actor.may(Can.PRINT_LABELS) and line.row.status not in _UNPRINTED:
        label = format_html(
            '<a class="btn btn-ghost is-small btn-icon" href="{}label/" data-print aria-label="{}">'
            "{}</a>",
            line.url,
            _("Print the label of %(cn)s") % {"cn": cn},
            _once(line, "printer", lambda: tags.icon("printer")),
        )
    return format_html(
        '<td class="cell-actions">{}<button type="button" class="btn btn-ghost is-small btn-icon" data-menu="row-menu"'
        ' aria-haspopup="true" aria-label="{}">{}</button></td>',
        label,
        _("More for %(cn)s") % {"cn": cn},
        _once(line, "more", lambda: tags.icon("more")),
    )


def _once(line: Line, key: str, make: Callable[[], SafeString]) -> SafeString:
    if key not in line.kept:
        line.kept[key] = make()
    return line.kept[key]
