"""Tracking's own: nobody's look-ups are counted yet."""

from collections.abc import Iterator

import pytest

from icargos.track import limits


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> Iterator[None]:
    limits.lookups.clear()
    yield
    limits.lookups.clear()
