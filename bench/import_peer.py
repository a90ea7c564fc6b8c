"""The same sheet through django-import-export, with the very checks of ours: what ``bench.imports`` is held against.

It is given every saving it has: rows made without looking for an earlier one, no differences shown, written a thousand
at a time. It prices nothing, keeps no rows, no receipts, no events and no trail, and its numbers are counted up.
"""

import secrets
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import tablib
from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import fields, resources

from icargos.booking.queries import reference, terms
from icargos.booking.rules.headers import match_headers
from icargos.booking.rules.rows import CheckedRow, RowChecker
from icargos.consignments.models import Consignment
from icargos.consignments.rules import CUSTODY, Status
from icargos.ground.tenancy import acting
from icargos.kit.actor import Actor

_NUMBERS = count(1)
_SHEET_COLUMNS = (
    *("service", "profile_id", "consignee_name", "consignee_phone", "alt_phone", "consignee_email", "address"),
    *("landmark", "pieces", "weight_g", "length_cm", "width_cm", "height_cm", "cod_paisa", "product"),
    *("declared_value_paisa", "allow_open", "fragile", "proof", "remarks", "order_ref", "return_address"),
    *("pickup_on", "delivery_window"),
)
_OWN_COLUMNS = (
    *("shipper_id", "cn", "status", "status_at", "custody", "cod_state", "origin_id", "destination_id", "sort_code"),
    *("charged_weight_g", "source", "booked_at", "booked_by", "tracking_token", "label_token"),
)

if TYPE_CHECKING:
    _Resource = resources.ModelResource[Consignment]
else:
    _Resource = resources.ModelResource


class _Bookings(_Resource):
    """Parcels from checked rows."""

    def __init__(self, actor: Actor, checker: RowChecker, city_id: int) -> None:
        super().__init__()
        for name in (*_SHEET_COLUMNS, *_OWN_COLUMNS):
            self.fields[name] = fields.Field(attribute=name, column_name=name)
        self.actor, self.checker, self.city_id = actor, checker, city_id
        self.checked: list[CheckedRow] = []
        self.now = timezone.now()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Check all rows at once, cheaper than one by one, and number them: the library wants its key there."""
        rows = [["" if cell is None else str(cell) for cell in row] for row in dataset]
        self.checked = self.checker.check(range(len(rows)), rows)
        dataset.append_col([f"{next(_NUMBERS):012d}" for _row in rows], header="cn")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Put what the cells mean in their place. Raises ValidationError naming what is wrong."""
        checked = self.checked[kwargs["row_number"] - 1]
        order = checked.order
        if order is None:
            raise ValidationError([f"{one.column}: {one.code}" for one in checked.problems])
        values = msgspec.structs.asdict(order)
        row |= values
        row |= {
            "shipper_id": self.actor.tenant,
            "status": Status.NEW_BOOKED.value,
            "status_at": self.now,
            "custody": CUSTODY[Status.NEW_BOOKED].value,
            "cod_state": "expected" if order.cod_paisa else "none",
            "origin_id": self.city_id,
            "destination_id": order.destination_city_id,
            "sort_code": "",
            "charged_weight_g": order.weight_g,
            "source": "sheet",
            "booked_at": self.now,
            "booked_by": self.actor.user_id,
            "tracking_token": secrets.token_urlsafe(16),
            "label_token": secrets.token_urlsafe(16),
        }

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave out the library's reset of the id sequence, which is not the application's to set."""

    class Meta:
        """The library's defaults."""

        model = Consignment
        fields = ()
        import_id_fields = ("cn",)


class _InBulk(_Bookings):
    class Meta:
        """Every saving of the library."""

        model = Consignment
        fields = ()
        import_id_fields = ("cn",)
        use_bulk = True
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True


def run(actor: Actor, path: Path, *, in_bulk: bool, preview: bool) -> int:
    """Import the sheet as the library's pages do: with ``preview`` all of it is tried first and taken back.

    Returns the parcels made; AssertionError when a row was refused.
    """
    data = path.read_bytes()
    for trying in (True, False) if preview else (False,):
        dataset = tablib.Dataset().load(data, format="xlsx")
        resource = _resource(actor, dataset, in_bulk=in_bulk)
        with acting(actor):
            result = resource.import_data(dataset, dry_run=trying)
        wrong = [str(one.error) for one in result.invalid_rows] + [str(one) for _row, one in result.row_errors()]
        wrong += [str(one.error) for one in result.base_errors]
        assert not wrong, wrong[:3]
    return int(result.totals["new"])


def _resource(actor: Actor, dataset: Any, *, in_bulk: bool) -> _Bookings:
    now = timezone.now()
    headers: Sequence[str] = dataset.headers
    match = match_headers(headers)
    refs = {str(one) for one in dataset[headers[match.columns["order_ref"]]]}
    with acting(actor):
        ref = reference(actor, refs=refs, now=now, on=terms(actor, now=now))
    kind = _InBulk if in_bulk else _Bookings
    city_id = next(iter(ref.served))
    return kind(actor, RowChecker(match, ref), city_id)
