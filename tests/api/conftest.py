"""A shipper's key and a programme that calls with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from icargos.accounts import actions
from icargos.accounts.actions import NewKey
from icargos.api import call
from icargos.ground.tenancy import acting
from tests.cast import Cast

ALL = ("book", "track", "rates")


@dataclass
class Programme:
    """A client without cookies that shows a key."""

    token: str

    def __call__(self, where: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        """Call ``/api/v1/<where>``: a GET without a body."""
        client = Client(raise_request_exception=False)
        shown = {"Authorization": f"Bearer {self.token}"} | dict(headers or {})
        if body is None:
            return client.get(f"/api/v1/{where}", headers=shown)
        return client.post(f"/api/v1/{where}", body, content_type="application/json", headers=shown)


def make_key(cast: Cast, who: str = "ayesha", *, name: str = "Shop", scopes: tuple[str, ...] = ALL) -> NewKey:
    """A key made by the person now."""
    with acting(cast.actor(who)):
        return actions.create_key(cast.actor(who), name=name, scopes=scopes, now=timezone.now())


def order(**changes: Any) -> dict[str, Any]:
    """One good booking, with changes; ``consignee`` is merged."""
    consignee = {"name": "Hina Yousaf", "phone": "0301-4417208", "address": "B-214, Block 13-D, Gulshan", "city": "lhr"}
    consignee |= changes.pop("consignee", {})
    body = {"profile_id": 4102, "service": "overnight", "pieces": 1, "weight_kg": 1.3, "cod_amount": 4500}
    return {**body, "product": "Lawn suit", "consignee": consignee, **changes}


@pytest.fixture(autouse=True)
def _nobody_has_called_yet() -> Iterator[None]:
    call.calls.clear()
    yield
    call.calls.clear()


@pytest.fixture
def shop(cast: Cast) -> Programme:
    """A programme of Zarqa's with every scope."""
    return Programme(make_key(cast).token)
