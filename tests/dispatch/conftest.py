"""After every test of dispatch, passed or refused or late, the books hold."""

from collections.abc import Iterator

import pytest

from icargos.finance.queries import check_books
from icargos.ground.tenancy import acting


@pytest.fixture(autouse=True)
def books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """Prove it with the programme's own proof, where the test has a database with the cast in it."""
    cast = request.getfixturevalue("cast") if "cast" in request.fixturenames else None
    yield
    if cast is not None:
        adeel = cast.actor("adeel")
        with acting(adeel):
            assert check_books(adeel) == []
