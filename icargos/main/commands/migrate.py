"""``icargos migrate``: roles and tables."""

import argparse
import os

from icargos.engine import EngineError
from icargos.main.home import installation, set_up_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """Bring the database up to date, as its owner."""
    with installation():
        if not os.environ.get("DATABASE_OWNER_URL"):
            raise EngineError("DATABASE_OWNER_URL is not set: migrations sign in as the owner of the tables.")
        set_up_django(as_owner=True)
        from icargos.main import schema

        schema.migrate()
    return 0
